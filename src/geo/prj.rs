//! Reads the coordinate system of a shapefile's .prj: well-known text of the first kind, as Esri and GDAL write it,
//! turned into a proj string for [`crate::geo::crs::Crs`].

// Esri's names of methods and its county ellipsoids are read by no crate that fits proj4rs: proj4wkt 0.1 knows neither
// `Lambert_Conformal_Conic` nor `Mercator_Auxiliary_Sphere`, and takes NAD27 for WGS 84, which is off by 100 feet.

/// Deeper nesting than in any real .prj (four) is an attack on the stack.
const MAX_DEPTH: usize = 10;
/// Meters by which a county's ellipsoid may lie over the sea, as those of Minnesota and Wisconsin do.
const MAX_RAISED: f64 = 1_000.0;
/// Degrees in radians, as a .prj rounds it.
const DEGREE: f64 = 0.017_453_292_519_943_3;

/// A .prj that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PrjError(String);

/// The system of a .prj: a proj string, or `EPSG:3857` for Web Mercator. Its datum must be NAD83, WGS 84 or one that
/// lies within meters of them, for FOCA has no grids of datum shifts.
///
/// # Errors
/// Text that is not a coordinate system, another method of projection, another datum or prime meridian.
pub fn parse(text: &str) -> Result<String, PrjError> {
    let mut parser = Parser { rest: text.trim_start_matches('\u{feff}') };
    let node = parser.node(0).ok_or_else(|| flaw("it is not well-known text"))?;
    system(&node)
}

fn flaw(reason: impl Into<String>) -> PrjError {
    PrjError(reason.into())
}

fn system(node: &Node<'_>) -> Result<String, PrjError> {
    match node.name.to_ascii_uppercase().as_str() {
        "PROJCS" => projected(node),
        "GEOGCS" => Ok(format!("+proj=longlat {} +no_defs", ellipsoid(node)?)),
        "COMPD_CS" => {
            let horizontal = node.child("PROJCS").or_else(|| node.child("GEOGCS"));
            system(horizontal.ok_or_else(|| flaw("it has no horizontal part"))?)
        }
        other => Err(flaw(format!("it is a {other}, and PROJCS and GEOGCS are read"))),
    }
}

/// The ellipsoid of a system in degrees, once its datum, meridian and unit are found to need no shift.
fn ellipsoid(geographic: &Node<'_>) -> Result<String, PrjError> {
    let datum = geographic.child("DATUM").ok_or_else(|| flaw("its DATUM is missing"))?;
    let size = datum.child("SPHEROID").map(Node::numbers).unwrap_or_default();
    let [a, rf, ..] = size[..] else { return Err(flaw("its SPHEROID is missing")) };
    let raised = a - 6_378_137.0;
    if !(0.0..=MAX_RAISED).contains(&raised) || (rf - 298.257_222).abs() > 1e-3 {
        let name = datum.text().unwrap_or("without a name");
        let reason = format!("its datum `{name}` needs a shift that FOCA cannot make: reproject the file");
        return Err(flaw(reason));
    }
    if geographic.child("PRIMEM").and_then(Node::number).is_some_and(|it| it.abs() > 1e-9) {
        return Err(flaw("its prime meridian is not Greenwich"));
    }
    let unit = geographic.child("UNIT").and_then(Node::number);
    if unit.is_none_or(|it| (it - DEGREE).abs() > 1e-8) {
        return Err(flaw("its angles are not in degrees"));
    }
    Ok(format!("+a={a} +rf={rf}"))
}

fn projected(node: &Node<'_>) -> Result<String, PrjError> {
    let geographic = node.child("GEOGCS").ok_or_else(|| flaw("its GEOGCS is missing"))?;
    let ellipsoid = ellipsoid(geographic)?;
    let unit = node.child("UNIT").and_then(Node::number).filter(|it| *it > 0.0);
    let unit = unit.ok_or_else(|| flaw("its UNIT is missing"))?;
    let method = node.child("PROJECTION").and_then(Node::text).unwrap_or_default();
    let mut parameters = Parameters::of(node);
    let (x, y) = (parameters.take(&["false_easting"]), parameters.take(&["false_northing"]));
    let (x, y) = (x.unwrap_or(0.0) * unit, y.unwrap_or(0.0) * unit);
    let lon = parameters.take(&["central_meridian", "longitude_of_center", "longitude_of_origin"]);
    let lon = lon.unwrap_or(0.0);
    let own = method_of(method, &mut parameters)
        .ok_or_else(|| flaw(format!("its projection `{method}` is not one that FOCA reads from a .prj")))?;
    if let Some(name) = parameters.left() {
        return Err(flaw(format!("its parameter `{name}` is not one that FOCA reads from a .prj")));
    }
    if own == WEB_MERCATOR {
        let plain = x == 0.0 && y == 0.0 && lon == 0.0 && unit == 1.0;
        return if plain { Ok(own) } else { Err(flaw("it is Web Mercator with another origin")) };
    }
    Ok(format!("{own} +lon_0={lon} +x_0={x} +y_0={y} {ellipsoid} +to_meter={unit} +no_defs"))
}

const WEB_MERCATOR: &str = "EPSG:3857";

/// The projection with the parameters that are its own; none if it is not known.
fn method_of(name: &str, given: &mut Parameters) -> Option<String> {
    let origin = ["latitude_of_origin", "latitude_of_center"];
    let mut take = |names: &[&str]| given.take(names);
    match name.to_ascii_lowercase().as_str() {
        "lambert_conformal_conic" | "lambert_conformal_conic_1sp" | "lambert_conformal_conic_2sp" => {
            let lat_0 = take(&origin).unwrap_or(0.0);
            let lat_1 = take(&["standard_parallel_1"]).unwrap_or(lat_0);
            let lat_2 = take(&["standard_parallel_2"]).unwrap_or(lat_1);
            let k = take(&["scale_factor"]).unwrap_or(1.0);
            Some(format!("+proj=lcc +lat_0={lat_0} +lat_1={lat_1} +lat_2={lat_2} +k_0={k}"))
        }
        "transverse_mercator" | "gauss_kruger" => {
            let lat_0 = take(&origin).unwrap_or(0.0);
            let k = take(&["scale_factor"]).unwrap_or(1.0);
            Some(format!("+proj=tmerc +lat_0={lat_0} +k_0={k}"))
        }
        "albers" | "albers_conic_equal_area" => {
            let lat_0 = take(&origin).unwrap_or(0.0);
            let lat_1 = take(&["standard_parallel_1"])?;
            let lat_2 = take(&["standard_parallel_2"])?;
            Some(format!("+proj=aea +lat_0={lat_0} +lat_1={lat_1} +lat_2={lat_2}"))
        }
        "mercator_auxiliary_sphere" | "popular_visualisation_pseudo_mercator" => {
            Some(WEB_MERCATOR.to_owned())
        }
        _ => None,
    }
}

/// The numbers of a projection by name; what nobody takes is not understood.
struct Parameters(Vec<(String, f64)>);

impl Parameters {
    fn of(node: &Node<'_>) -> Self {
        let all = node.nodes().filter(|it| it.name.eq_ignore_ascii_case("PARAMETER"));
        Self(all.filter_map(|it| Some((it.text()?.to_ascii_lowercase(), it.number()?))).collect())
    }

    fn take(&mut self, names: &[&str]) -> Option<f64> {
        let at = self.0.iter().position(|(name, _)| names.contains(&name.as_str()))?;
        Some(self.0.remove(at).1)
    }

    /// One that was not taken and would change the result.
    fn left(&self) -> Option<&str> {
        let neutral = |name: &str, value: f64| value == 0.0 || (name == "scale_factor" && value == 1.0);
        self.0.iter().find(|(name, value)| !neutral(name, *value)).map(|(name, _)| name.as_str())
    }
}

/// `NAME["text", 1.0, OTHER[...]]`.
struct Node<'a> {
    name: &'a str,
    values: Vec<Value<'a>>,
}

enum Value<'a> {
    Text(&'a str),
    Number(f64),
    Node(Node<'a>),
    Word,
}

impl<'a> Node<'a> {
    fn nodes(&self) -> impl Iterator<Item = &Node<'a>> {
        self.values.iter().filter_map(|it| if let Value::Node(it) = it { Some(it) } else { None })
    }

    fn child(&self, name: &str) -> Option<&Node<'a>> {
        self.nodes().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    fn text(&self) -> Option<&'a str> {
        self.values.iter().find_map(|it| if let Value::Text(it) = it { Some(*it) } else { None })
    }

    fn numbers(&self) -> Vec<f64> {
        self.values
            .iter()
            .filter_map(|it| if let Value::Number(it) = it { Some(*it) } else { None })
            .collect()
    }

    fn number(&self) -> Option<f64> {
        self.numbers().first().copied()
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn node(&mut self, depth: usize) -> Option<Node<'a>> {
        let name = self.while_(|it| it.is_ascii_alphanumeric() || it == '_');
        if name.is_empty() || depth > MAX_DEPTH || !(self.take('[') || self.take('(')) {
            return None;
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value(depth)?);
            if self.take(']') || self.take(')') {
                return Some(Node { name, values });
            }
            if !self.take(',') {
                return None;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        if self.take('"') {
            let (text, rest) = self.rest.split_once('"')?;
            self.rest = rest;
            return Some(Value::Text(text));
        }
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '+' | '-' | '.')) {
            let number = self.while_(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'));
            return number.parse().ok().filter(|it: &f64| it.is_finite()).map(Value::Number);
        }
        let before = self.rest;
        if let Some(node) = self.node(depth + 1) {
            return Some(Value::Node(node));
        }
        // An axis has a bare word: AXIS["x", EAST]. After a word nothing may open, or each level would be read twice.
        self.rest = before;
        let word = self.while_(|it| it.is_ascii_alphanumeric() || it == '_');
        (!word.is_empty() && !self.rest.trim_start().starts_with(['[', '('])).then_some(Value::Word)
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn while_(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let text = self.rest.trim_start();
        let end = text.find(|it| !fits(it)).unwrap_or(text.len());
        self.rest = &text[end..];
        &text[..end]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::crs::Crs;

    const NAD83: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    fn projected(method: &str, parameters: &[(&str, f64)], unit: f64) -> String {
        let parameters: String =
            parameters.iter().map(|(name, value)| format!("PARAMETER[\"{name}\",{value}],")).collect();
        format!(r#"PROJCS["some",{NAD83},PROJECTION["{method}"],{parameters}UNIT["some",{unit}]]"#)
    }

    /// How far two systems are apart at a place, in degrees.
    fn apart(prj: &str, known: &str, x: f64, y: f64) -> f64 {
        let [one, other] = [parse(prj).unwrap().as_str(), known].map(|it| Crs::parse(it).unwrap());
        let (one, other) = (one.to_lon_lat(x, y).unwrap(), other.to_lon_lat(x, y).unwrap());
        (one.0 - other.0).abs().max((one.1 - other.1).abs())
    }

    #[test]
    fn usual_systems_are_those_of_their_epsg_code() {
        let utm = projected(
            "Transverse_Mercator",
            &[("False_Easting", 500_000.0), ("Central_Meridian", -93.0), ("Scale_Factor", 0.9996)],
            1.0,
        );
        let feet = 1200.0 / 3937.0;
        let south = projected(
            "Lambert_Conformal_Conic",
            &[
                ("False_Easting", 2_624_666.666_666_666),
                ("False_Northing", 328_083.333_333_333_3),
                ("Central_Meridian", -94.0),
                ("Standard_Parallel_1", 43.783_333_333_333_33),
                ("Standard_Parallel_2", 45.216_666_666_666_67),
                ("Latitude_Of_Origin", 43.0),
            ],
            feet,
        );
        let albers = projected(
            "Albers",
            &[
                ("central_meridian", -96.0),
                ("Standard_Parallel_1", 29.5),
                ("Standard_Parallel_2", 45.5),
                ("latitude_of_origin", 23.0),
            ],
            1.0,
        );
        let web = projected("Mercator_Auxiliary_Sphere", &[("Auxiliary_Sphere_Type", 0.0)], 1.0);

        assert!(apart(&utm, "EPSG:26915", 480_000.0, 4_980_000.0) < 1e-9);
        assert!(apart(&south, "EPSG:26851", 2_800_000.0, 1_000_000.0) < 1e-8);
        assert!(apart(&albers, "EPSG:5070", 200_000.0, 2_400_000.0) < 1e-9);
        assert_eq!(parse(&web).unwrap(), "EPSG:3857");
        assert!(apart(NAD83, "EPSG:4269", -93.0, 45.0) < 1e-12);
        assert!(apart(&format!("{NAD83},VERTCS[\"NAVD88\"]"), "EPSG:4269", -93.0, 45.0) < 1e-12);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let said = |prj: &str| parse(prj).unwrap_err().to_string();
        let nad27 = NAD83.replace("6378137.0,298.257222101", "6378206.4,294.9786982");

        assert!(said(&nad27).contains("needs a shift"));
        assert!(said(&NAD83.replace("0.0]", "2.33]")).contains("Greenwich"));
        assert!(said(&NAD83.replace("0.0174", "0.0157")).contains("degrees"));
        assert!(said(&projected("Bonne", &[], 1.0)).contains("`Bonne`"));
        assert!(said(&projected("Transverse_Mercator", &[("Azimuth", 3.0)], 1.0)).contains("`azimuth`"));
        assert!(said(r#"LOCAL_CS["x",UNIT["m",1]]"#).contains("LOCAL_CS"));
        for broken in ["", "EPSG:26915", "PROJCS[", "PROJCS[\"x\"", "PROJCS[,]", &NAD83[..NAD83.len() - 1]] {
            assert!(said(broken).contains("not well-known text"), "{broken}");
        }
        assert!(said(&"A[".repeat(100_000)).contains("not well-known text"));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_without_a_panic(text in "\\PC{0,80}", at in 0..NAD83.len(), byte in 32..127u8) {
            let _ = parse(&text);
            let mut changed = NAD83.as_bytes().to_vec();
            changed[at] = byte;
            let _ = parse(&String::from_utf8(changed).unwrap());
            let _ = parse(&format!("{}{text}", &NAD83[..at]));
        }
    }
}
