//! Decodes the geometry blob of a GeoPackage (OGC 12-128, 2.1.3). geozero does the decoding; its counts and its
//! nesting are checked here first, because it trusts them for memory and recursion.

use geo::{CoordsIter, Geometry};
use geozero::ToGeo;
use geozero::wkb::Wkb;

// Collections in collections deeper than this are an attack on the stack.
const MAX_NESTING: u32 = 16;

/// The geometry of a blob, or none if it is empty; the error is a reason for a reject report.
pub fn decode(blob: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    let flags = match blob {
        [b'G', b'P', _, flags, ..] => *flags,
        _ => return Err("The geometry is no GeoPackage geometry".to_owned()),
    };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        code => return Err(format!("The geometry has an envelope of the unknown kind {code}")),
    };
    // Bit 4 marks an empty geometry, which a point can only write as NaN.
    if flags & 0x10 != 0 {
        return Ok(None);
    }
    let wkb = blob.get(8 + envelope..).ok_or_else(cut_off)?;
    check(&mut &wkb[..], 0)?;
    let geometry = Wkb(wkb).to_geo().map_err(|error| format!("The geometry cannot be read: {error}"))?;
    let finite = geometry.coords_iter().all(|at| at.x.is_finite() && at.y.is_finite());
    if finite { Ok(Some(geometry)) } else { Err("A coordinate is not a finite number".to_owned()) }
}

fn cut_off() -> String {
    "The geometry is cut off".to_owned()
}

/// Walks over one geometry in well-known binary, and fails where a count promises more than there is.
fn check(wkb: &mut &[u8], nesting: u32) -> Result<(), String> {
    if nesting > MAX_NESTING {
        return Err("The geometry is a collection nested too deep".to_owned());
    }
    let little = match take(wkb, 1)?[0] {
        0 => false,
        1 => true,
        order => return Err(format!("The geometry has the unknown byte order {order}")),
    };
    let kind = number(wkb, little)?;
    // ISO WKB adds 1000 for Z, 2000 for M, 3000 for both.
    let position = match kind / 1000 {
        0 => 16,
        1 | 2 => 24,
        3 => 32,
        _ => return Err(format!("The geometry is of the unknown kind {kind}")),
    };
    match kind % 1000 {
        1 => skip(wkb, 1, position),
        2 => {
            let n = number(wkb, little)?;
            skip(wkb, n, position)
        }
        3 => {
            for _ in 0..counted(wkb, little, 4)? {
                let n = number(wkb, little)?;
                skip(wkb, n, position)?;
            }
            Ok(())
        }
        4..=7 => {
            for _ in 0..counted(wkb, little, 5)? {
                check(wkb, nesting + 1)?;
            }
            Ok(())
        }
        _ => {
            Err(format!("The geometry is of kind {kind}; points, lines, polygons and sets of them are read"))
        }
    }
}

/// A count of parts, each of which takes at least so many bytes.
fn counted(wkb: &mut &[u8], little: bool, least_bytes: usize) -> Result<u32, String> {
    let n = number(wkb, little)?;
    if n as usize > wkb.len() / least_bytes { Err(cut_off()) } else { Ok(n) }
}

fn number(wkb: &mut &[u8], little: bool) -> Result<u32, String> {
    let bytes = take(wkb, 4)?.try_into().map_err(|_| cut_off())?;
    Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}

fn skip(wkb: &mut &[u8], n: u32, bytes: usize) -> Result<(), String> {
    take(wkb, (n as usize).checked_mul(bytes).ok_or_else(cut_off)?).map(drop)
}

fn take<'a>(wkb: &mut &'a [u8], bytes: usize) -> Result<&'a [u8], String> {
    let (taken, rest) = wkb.split_at_checked(bytes).ok_or_else(cut_off)?;
    *wkb = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use geozero::{CoordDimensions, ToWkb};
    use proptest::prelude::*;

    use super::*;

    fn blob(geometry: &Geometry<f64>, flags: u8, envelope: usize) -> Vec<u8> {
        let mut blob = vec![b'G', b'P', 0, flags, 0, 0, 0, 0];
        blob.resize(8 + envelope, 0);
        blob.extend(geometry.to_wkb(CoordDimensions::xy()).unwrap());
        blob
    }

    fn square() -> Geometry<f64> {
        geo::Rect::new((0.0, 0.0), (1.0, 2.0)).to_polygon().into()
    }

    #[test]
    fn envelopes_of_any_kind_are_passed_over() {
        for (kind, bytes) in [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)] {
            assert_eq!(decode(&blob(&square(), 1 | kind << 1, bytes)).unwrap().unwrap(), square());
        }
        assert!(decode(&blob(&square(), 1 | 5 << 1, 0)).is_err());
    }

    #[test]
    fn an_empty_geometry_is_none() {
        let nowhere = geo::Point::new(f64::NAN, f64::NAN).into();

        assert_eq!(decode(&blob(&nowhere, 0x11, 0)), Ok(None));
        assert!(decode(&blob(&nowhere, 1, 0)).is_err());
    }

    #[test]
    fn a_blob_that_promises_too_much_is_refused() {
        let whole = blob(&square(), 1, 0);
        for end in 0..whole.len() {
            assert!(decode(&whole[..end]).is_err());
        }
        let mut huge = whole.clone();
        huge[13..17].fill(0xff);
        assert!(decode(&huge).unwrap_err().contains("cut off"));
        let mut deep = whole[..8].to_vec();
        deep.extend([1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(100_000));
        assert!(decode(&deep).unwrap_err().contains("nested"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_without_a_panic(at in 8..60usize, byte: u8, rest: Vec<u8>) {
            let mut changed = blob(&square(), 1, 0);
            changed[at] = byte;
            let _ = decode(&changed);
            let _ = decode(&[&blob(&square(), 1, 0)[..at], &rest].concat());
        }
    }
}
