//! The paths and the modules of a piece of source, found in its tokens.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    Path(Path),
    Module(ModuleItem),
}

/// A path of at least two names, or what a `use` declaration imports.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    /// The name by which the rest of the module knows what is imported.
    pub(crate) binding: Option<String>,
    /// Whether it is compiled for tests alone.
    pub(crate) is_test: bool,
}

/// `mod name;`, or `mod name { … }` with the items of its body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ModuleItem {
    pub(super) name: String,
    pub(super) is_test: bool,
    pub(super) body: Option<Vec<Item>>,
}

/// Returns what the tokens mention, inside of functions and macro calls as well. `is_test` says of
/// the whole that it is compiled for tests alone.
pub(super) fn items(tokens: TokenStream, is_test: bool) -> Vec<Item> {
    let mut found = Vec::new();
    collect(tokens, is_test, &mut found);
    found
}

fn collect(tokens: TokenStream, whole_is_test: bool, found: &mut Vec<Item>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = &tokens[..];
    let mut is_test = whole_is_test;
    while let [token, tail @ ..] = rest {
        rest = match (token, tail) {
            (TokenTree::Ident(word), [next, ..]) if word == "use" && !is_punct(next, '<') => {
                let end = tail.iter().position(|token| is_punct(token, ';'));
                let (declaration, after) = tail.split_at(end.unwrap_or(tail.len()));
                imports(declaration, &[], is_test, found);
                after
            }
            (TokenTree::Ident(word), [TokenTree::Ident(name), body, after @ ..])
                if word == "mod" =>
            {
                found.push(Item::Module(module(name, body, is_test)));
                is_test = whole_is_test;
                after
            }
            (TokenTree::Ident(first), _) => {
                let (segments, after) = path(first, tail);
                if segments.len() > 1 {
                    found.push(Item::Path(Path { segments, binding: None, is_test }));
                }
                after
            }
            (TokenTree::Group(group), _) => {
                collect(group.stream(), is_test, found);
                tail
            }
            _ => tail,
        };
        if begins_test(token, tail) {
            is_test = true;
        } else if ends_item(token) {
            is_test = whole_is_test;
        }
    }
}

/// Whether the tokens are `#[cfg(test)]`.
fn begins_test(token: &TokenTree, tail: &[TokenTree]) -> bool {
    match tail.first() {
        Some(TokenTree::Group(attribute)) if is_punct(token, '#') => {
            attribute.to_string().replace(' ', "") == "[cfg(test)]"
        }
        _ => false,
    }
}

/// Whether an attribute before the token is about nothing behind it.
fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';') || is_punct(token, ','),
    }
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn module(name: &Ident, body: &TokenTree, is_test: bool) -> ModuleItem {
    let body = match body {
        TokenTree::Group(body) => Some(items(body.stream(), is_test)),
        _ => None,
    };
    ModuleItem { name: name.to_string(), is_test, body }
}

/// Reads the path that begins with a name, up to what is no name.
fn path<'a>(first: &Ident, mut rest: &'a [TokenTree]) -> (Vec<String>, &'a [TokenTree]) {
    let mut segments = vec![first.to_string()];
    while let [one, two, TokenTree::Ident(name), after @ ..] = rest
        && is_punct(one, ':')
        && is_punct(two, ':')
    {
        segments.push(name.to_string());
        rest = after;
    }
    (segments, rest)
}

/// Reads what comes after `use`, or a group inside of it.
fn imports(tokens: &[TokenTree], prefix: &[String], is_test: bool, found: &mut Vec<Item>) {
    for tree in tokens.split(|token| is_punct(token, ',')) {
        let mut segments = prefix.to_vec();
        let mut group = None;
        for token in tree {
            match token {
                TokenTree::Ident(name) => segments.push(name.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == '*' => segments.push("*".to_owned()),
                TokenTree::Group(inner) => group = Some(inner.stream()),
                _ => {}
            }
        }
        match group {
            Some(inner) => {
                let inner: Vec<TokenTree> = inner.into_iter().collect();
                imports(&inner, &segments, is_test, found);
            }
            None if tree.is_empty() => {}
            None => found.push(Item::Path(import(segments, is_test))),
        }
    }
}

/// Makes an import of its names, where `as` and the new name may stand at the end, or `self`.
fn import(mut segments: Vec<String>, is_test: bool) -> Path {
    let mut binding = None;
    if let [.., before, _] = &segments[..]
        && before == "as"
    {
        binding = segments.pop();
        segments.pop();
    }
    if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
        segments.pop();
    }
    binding = binding.or_else(|| segments.last().cloned());
    Path { segments, binding, is_test }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of a source: `=` and the name that is bound stand behind, `test` before.
    fn paths(source: &str) -> Vec<String> {
        items(source.parse().unwrap(), false).iter().map(shown).collect()
    }

    fn shown(item: &Item) -> String {
        let (is_test, text) = match item {
            Item::Module(ModuleItem { name, is_test, body: None }) => {
                (*is_test, format!("mod {name}"))
            }
            Item::Module(ModuleItem { name, is_test, body: Some(body) }) => {
                let body: Vec<String> = body.iter().map(shown).collect();
                (*is_test, format!("mod {name} {{{}}}", body.join("; ")))
            }
            Item::Path(Path { segments, binding, is_test }) => {
                let bound = binding.as_ref().map(|name| format!(" = {name}")).unwrap_or_default();
                (*is_test, format!("{}{bound}", segments.join("::")))
            }
        };
        if is_test { format!("test {text}") } else { text }
    }

    #[test]
    fn imports_are_taken_apart() {
        let source = "pub(crate) use a::{self, b::{C, D as E}, f::*,}; use serde; use ::g as _;";
        let expected =
            ["a = a", "a::b::C = C", "a::b::D = E", "a::f::* = *", "serde = serde", "g = _"];
        assert_eq!(paths(source), expected);
    }

    #[test]
    fn paths_are_found_in_attributes_types_bodies_and_macro_calls() {
        let source =
            "#[tokio::main] fn f<T: a::B>() -> c::D<e::F> { m!(g::h(1)); Vec::<i::J>::new() }";
        assert_eq!(paths(source), ["tokio::main", "a::B", "c::D", "e::F", "g::h", "i::J"]);
    }

    #[test]
    fn strings_and_comments_mention_nothing() {
        assert_eq!(paths("/// See a::b.\nfn f() { /* c::d */ g(\"e::f\") }"), [""; 0]);
    }

    #[test]
    fn what_is_compiled_for_tests_alone_is_known() {
        let source = "#[cfg(test)] mod tests { use a::b; } mod c; #[cfg(test)] mod d; \
                      #[cfg(test)] impl e::F { } fn g() { h::i() } #[cfg(test)] use j::k; use l::m;";
        let expected = [
            "test mod tests {test a::b = b}",
            "mod c",
            "test mod d",
            "test e::F",
            "h::i",
            "test j::k = k",
            "l::m = m",
        ];
        assert_eq!(paths(source), expected);
    }
}
