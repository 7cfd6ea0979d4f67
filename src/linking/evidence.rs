//! What was compared between a record and a site, how far each field agreed and what that weighed: kept with each link,
//! so that a person can read why.

use std::fmt::{self, Display, Formatter, Write as _};
use std::str::FromStr;

use crate::db::text_enum;

text_enum! {
    /// A field that both sides may have.
    Field {
        /// The names of the business; the best of all pairs counts.
        Name = "name",
        /// The house number.
        Number = "number",
        /// The street with its suffix and directions.
        Street = "street",
        /// The unit, building included.
        Unit = "unit",
        /// City and ZIP code.
        City = "city",
        /// Telephone numbers.
        Phone = "phone",
        /// The distance between the two points.
        Distance = "distance",
    }
}

text_enum! {
    /// How far a field agrees, the same words for all fields.
    Level {
        /// Equal once both are normalized; of points, at most 30 m apart.
        Same = "same",
        /// A typing error or a left-out word apart; of points, at most 100 m.
        Close = "close",
        /// Something in common, too little to tell.
        Partly = "partly",
        /// Plainly not the same.
        Differs = "differs",
        /// One side, or both, does not say.
        Missing = "missing",
    }
}

/// One field, compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Compared {
    /// Which.
    pub field: Field,
    /// How far it agrees.
    pub level: Level,
    /// What that weighs, in hundredths of a bit: the binary logarithm of how much more often it is seen in pairs that
    /// belong together than in others (Fellegi and Sunter 1969).
    pub weight: i32,
}

/// All fields of one pair. As text: `name=same+512 number=differs-320`, in the order of [`Field::ALL`], without those missing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence(pub Vec<Compared>);

/// A text that is no evidence.
#[derive(Debug, thiserror::Error)]
#[error("no evidence of a link: {0:?}")]
pub struct Unreadable(String);

impl Evidence {
    /// How far a field agrees; [`Level::Missing`] for one that was not compared.
    pub fn level(&self, field: Field) -> Level {
        self.0.iter().find(|it| it.field == field).map_or(Level::Missing, |it| it.level)
    }

    /// The weight of all fields, in hundredths of a bit.
    pub fn weight(&self) -> i32 {
        self.0.iter().map(|it| it.weight).sum()
    }

    /// Why, in one sentence: "Name, number and street are the same; unit differs." Empty without evidence.
    pub fn sentence(&self) -> String {
        let mut clauses = Vec::new();
        for (level, one, several) in [
            (Level::Same, "is the same", "are the same"),
            (Level::Close, "is close", "are close"),
            (Level::Partly, "agrees in part", "agree in part"),
            (Level::Differs, "differs", "differ"),
        ] {
            let fields: Vec<&str> =
                self.0.iter().filter(|it| it.level == level).map(|it| it.field.as_str()).collect();
            match fields.as_slice() {
                [] => {}
                [field] => clauses.push(format!("{field} {one}")),
                [first @ .., last] => clauses.push(format!("{} and {last} {several}", first.join(", "))),
            }
        }
        let text = clauses.join("; ");
        let mut letters = text.chars();
        letters
            .next()
            .map(|first| format!("{}{}.", first.to_ascii_uppercase(), letters.as_str()))
            .unwrap_or_default()
    }
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut told = self.0.iter().filter(|it| it.level != Level::Missing).enumerate();
        told.try_for_each(|(at, it)| {
            if at > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{}={}{:+}", it.field.as_str(), it.level.as_str(), it.weight)
        })
    }
}

impl FromStr for Evidence {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let one = |word: &str| {
            let (field, rest) = word.split_once('=')?;
            let (level, weight) = rest.split_at(rest.find(['+', '-'])?);
            Some(Compared {
                field: field.parse().ok()?,
                level: level.parse().ok()?,
                weight: weight.parse().ok()?,
            })
        };
        let words = text.split_whitespace().map(one);
        words.collect::<Option<Vec<_>>>().map(Self).ok_or_else(|| Unreadable(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Compared, Evidence, Field, Level};

    fn sample() -> Evidence {
        let compared = |field, level, weight| Compared { field, level, weight };
        Evidence(vec![
            compared(Field::Name, Level::Close, 512),
            compared(Field::Number, Level::Same, 740),
            compared(Field::Street, Level::Same, 300),
            compared(Field::Phone, Level::Differs, -260),
        ])
    }

    #[test]
    fn evidence_survives_being_written() {
        assert_eq!(sample().to_string(), "name=close+512 number=same+740 street=same+300 phone=differs-260");
        assert_eq!(sample().to_string().parse::<Evidence>().unwrap(), sample());
        assert!("name".parse::<Evidence>().is_err());
    }

    #[test]
    fn evidence_reads_as_a_sentence() {
        assert_eq!(sample().sentence(), "Number and street are the same; name is close; phone differs.");
        assert_eq!(Evidence::default().sentence(), "");
    }
}
