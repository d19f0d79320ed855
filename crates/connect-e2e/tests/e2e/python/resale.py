"""Orders, for the stories beside this file."""


def reseller(name):
    return {
        'name': name, 'external_id': name.lower(), 'external_uid': f'uid-{name.lower()}',
        'contact_info': {
            'address_line1': 'Av. Norte 12', 'city': 'Madrid', 'country': 'ES', 'postal_code': '28001',
            'contact': {'first_name': 'Iker', 'last_name': 'Sanz', 'email': 'iker@near.example'},
        },
    }


def purchase(product_id, tier1, tier2):
    """The body of a purchase on preview through a reseller, and the one that this buys from."""
    return {'type': 'purchase', 'asset': {
        'product': {'id': product_id},
        'connection': {'id': 'CT-0000-0000-0000', 'type': 'preview'},
        'items': [{'id': f'{product_id}-0001', 'quantity': 5}],
        'tiers': {'tier1': reseller(tier1), 'tier2': reseller(tier2)},
    }}


def sale(product_id, connection_id, marketplace_id, *items):
    """The body of a purchase that a distributor sells to a customer of its own."""
    return {'type': 'purchase', 'asset': {
        'product': {'id': product_id}, 'connection': {'id': connection_id},
        'marketplace': {'id': marketplace_id}, 'external_id': '4711',
        'items': [{'mpn': mpn, 'quantity': quantity} for mpn, quantity in items],
        'tiers': {'customer': reseller('Customer')},
    }}


def hours():
    """The body of an item that is paid as it is used."""
    return {
        'name': 'Hours', 'mpn': 'MPN-HOURS', 'type': 'ppu', 'precision': 'integer', 'period': 'monthly',
        'unit': {'id': 'hours'}, 'description': '',
    }
