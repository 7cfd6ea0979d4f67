//! US addresses: read as people and registers write them, and brought to the forms of USPS Publication 28, so that one
//! premises has one key however it was typed.

mod assemble;
#[cfg(test)]
mod evaluation;
mod keys;
mod tag;
#[cfg(test)]
mod tests;
mod token;
#[cfg(test)]
mod training;
mod words;

pub use keys::{city_key, is_state, unit_key};

/// What sort of address a text is; only [`Form::Street`] with a number names premises.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Form {
    /// A street address, with or without a house number.
    Street,
    /// A hundred block, as police data are blurred: "0029XX Chicago AV S", "2900 block of Oak St".
    Block,
    /// Where two streets meet: "Franklin AV E / Park AV S".
    Intersection,
    /// A post-office or rural-route box without a street.
    PoBox,
    /// None of these; nothing is known but perhaps city, state and ZIP.
    #[default]
    Unparsed,
}

/// The parts of an address, uppercase and in standard abbreviations ("AVE", "S", "STE", "MN").
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Address {
    /// House number without leading zeros: "2417", "123 1/2", "N6W23001", "37-18"; for a block its lowest number.
    pub number: Option<String>,
    /// Direction before the street.
    pub pre_direction: Option<String>,
    /// The street's name: "TOLLGRAVE", "1ST", "COUNTY ROAD B2"; of an intersection both streets, "FRANKLIN AVE E / PARK AVE S".
    pub street: Option<String>,
    /// Street suffix.
    pub suffix: Option<String>,
    /// Direction after the street.
    pub post_direction: Option<String>,
    /// Building, tower or wing, when named beside or instead of a unit: "BLDG 300".
    pub building: Option<String>,
    /// Kind of the unit: "STE", "APT", "FL", "#"; absent for a bare trailing "3B".
    pub unit_type: Option<String>,
    /// The unit itself: "3B". Kinds that stand alone ("BSMT") have none.
    pub unit: Option<String>,
    /// City as written, uppercase; compare with [`city_key`].
    pub city: Option<String>,
    /// Two-letter code of the state.
    pub state: Option<String>,
    /// Five digits, or nine as "55401-1234".
    pub zip: Option<String>,
    /// What sort of address this is.
    pub form: Form,
}

impl Address {
    /// Reads one line, possibly with unit, city, state and ZIP. Never fails: what cannot be read is [`Form::Unparsed`], and
    /// so is anything above 2,000 bytes.
    pub fn parse(text: &str) -> Self {
        if text.len() > token::LONGEST {
            return Self::default();
        }
        let text = token::squeeze(text);
        let tokens = token::tokens(&text);
        let labels = tag::tag(&tokens);
        assemble::assemble(&tokens, &labels)
    }

    /// Puts together what a source keeps in columns; empty columns are absent. Columns win over what the street line says.
    pub fn of_parts(
        street_line: &str,
        unit: Option<&str>,
        city: Option<&str>,
        state: Option<&str>,
        zip: Option<&str>,
    ) -> Self {
        let mut address = Self::parse(street_line);
        assemble::set_columns(&mut address, unit, city, state, zip);
        address
    }

    /// The key of the premises: number, street, suffix and directions, without unit and city. `None` unless this is a
    /// street address with a number. Equal for the spellings of one address: a direction before or after the street,
    /// "First" or "1st" or "1", "La Salle" or "LaSalle", "Hwy 7" or "State Highway 7", a range or its first number.
    pub fn key(&self) -> Option<String> {
        keys::key(self)
    }

    /// Whether it names one house: a street address with a number.
    pub fn has_house(&self) -> bool {
        self.form == Form::Street && self.number.is_some() && self.street.is_some()
    }

    /// The house number, of a range the first.
    pub fn lowest_number(&self) -> Option<&str> {
        self.number.as_deref().map(keys::lowest)
    }

    /// The last house number of a range, "9214" of "9208-14".
    pub fn highest_number(&self) -> Option<u32> {
        self.number.as_deref().and_then(keys::highest)
    }

    /// The street's name alone, as [`Address::key`] spells it; `None` but for street and block addresses.
    pub fn street_key(&self) -> Option<String> {
        keys::street_key(self)
    }

    /// The directions before and after the street, as one.
    pub fn directions(&self) -> Option<String> {
        let both: String =
            [&self.pre_direction, &self.post_direction].into_iter().flatten().map(String::as_str).collect();
        (!both.is_empty()).then_some(both)
    }

    /// The unit in one spelling, building included: "3" for "STE 3", "#3" and "Unit 03"; `None` without a unit.
    pub fn unit_key(&self) -> Option<String> {
        keys::unit_key_of(self)
    }

    /// The standardized delivery line, uppercase: "2417 TOLLGRAVE AVE S STE 3". Empty when nothing was read.
    pub fn line(&self) -> String {
        assemble::line(self)
    }
}
