//! One macro for enums that are stored, read from forms and printed as the same snake-case word.

/// Declares an enum whose variants are words: `as_str`, `ALL`, `FromStr` with an error that lists the words, serde,
/// and storage as text on both engines.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[sqlx(type_name = "text")]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] #[sqlx(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every variant, in the order of their meaning.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for it in the database, in URLs and in files.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{text}` is none of: {}", [$($word),+].join(", "))),
                }
            }
        }

        impl From<$name> for $crate::db::Value {
            fn from(it: $name) -> Self {
                Self::Word(it.as_str())
            }
        }

        impl From<Option<$name>> for $crate::db::Value {
            fn from(it: Option<$name>) -> Self {
                it.map_or(Self::Text(None), Self::from)
            }
        }
    };
}
pub(crate) use text_enum;
