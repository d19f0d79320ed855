//! The links of products' actions, signed.

use connect_model::ProductId;
use connect_world::{ActionLink, ActionSubject, Actor, Denial};

use crate::platform::Platform;
use crate::{random, token};

/// Returns the link of an action, with a token that there was not before.
///
/// # Errors
///
/// The world's refusal; `EMU_500` when the system gives no random numbers.
pub(crate) async fn signed(
    platform: &Platform,
    who: &Actor,
    product: &ProductId,
    action: &str,
    of: ActionSubject<'_>,
) -> Result<String, Denial> {
    let ActionLink { url, secret, mut claims } =
        platform.action_link(who, product, action, of).await?;
    claims["jti"] = random::secret().map_err(|_| Denial::broken())?.into();
    let token = token::signed(&claims, &secret).map_err(|_| Denial::broken())?;
    Ok(with_token(&url, &token))
}

/// Adds a token to an address, which may have a query and a fragment.
fn with_token(url: &str, token: &str) -> String {
    let (page, fragment) = match url.split_once('#') {
        Some((page, fragment)) => (page, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}jwt={token}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::with_token;

    #[test]
    fn a_token_goes_into_the_query() {
        let of = |url| with_token(url, "T");
        assert_eq!(of("https://a.example/sso"), "https://a.example/sso?jwt=T");
        assert_eq!(of("https://a.example/sso?x=1"), "https://a.example/sso?x=1&jwt=T");
        assert_eq!(of("https://a.example/#top"), "https://a.example/?jwt=T#top");
    }
}
