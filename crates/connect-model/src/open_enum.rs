//! Enums that keep the words they do not know.

/// Declares an enum of platform words: the known ones as variants, any other in `Other`.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A word this version does not know, as the platform spelled it.
            Other(Box<str>),
        }

        impl $name {
            /// The known words, in the order of the platform's documents.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];
            /// The known variants, in the order of the platform's documents.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word as the platform spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl $name {
            /// Whether the platform did not say it: the field was absent or null.
            #[must_use]
            pub fn is_unsaid(&self) -> bool {
                matches!(self, Self::Other(word) if word.is_empty())
            }
        }

        impl Default for $name {
            /// Returns the empty word, which stands for what the platform did not say. It is never
            /// written back.
            fn default() -> Self {
                Self::Other(Box::default())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($crate::lenient::Word::new())
            }
        }
    };
}

pub(crate) use open_enum;
