Feature: a subscription, in the sentences of CloudBlue's testing library

  Scenario: it is bought
    Given asset request
    And request with type "purchase"
    And request with product "the product"
    And request with marketplace "MP-00000"
    And request with connection "CT-0000-0000-0000" of type "preview"
    And request with parameter "Administrator e-mail" with value "ines@fernway.example"
    And request with item "PRD_411_678_887_0001" with mpn "MPN-A" x5
    When subscription request is processed
    Then request status is "approved"
    And request parameter "Subscription" value match "^t-"
    And request parameter "Administrator e-mail" value is "ines@fernway.example"

  Scenario: it is refused
    Given asset request
    And request with product "the product"
    And request with marketplace "MP-00000"
    And request with asset "customer" from country "ES"
    And request with parameter "Administrator e-mail" without value
    And request with note "two at once"
    And request with items
      | item                 | mpn   | quantity |
      | PRD_411_678_887_0001 | MPN-A | 5        |
      | PRD_411_678_887_0002 | MPN-B | 1        |
    When request is processed
    Then request status is "failed"
    And request reason is "A tenant has exactly one item."
    And request note is "two at once"

  @resellers
  Scenario: a reseller is set up
    Given tier config request
    And request with product "the product"
    And request with marketplace "MP-00000"
    And request with connection "CT-0000-0000-0000" of type "preview"
    And request with reseller level "1"
    And request with parameter "Partner" with value "OR-9"
    When tier configuration request is processed
    Then request status is "approved"
    And request parameter "Reseller" value match "^t-"
    And request parameter "Partner" value contains "OR"
    And request parameter "Partner" value is "OR-9"
