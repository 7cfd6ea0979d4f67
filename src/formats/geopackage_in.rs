//! Reads a layer of an OGC GeoPackage (a SQLite file) row by row. The database is asked by a thread of its own,
//! so that the reader stays synchronous like the others and may be used inside and outside of tokio.

use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use tempfile::NamedTempFile;

use crate::db::file::{self, Cell};
use crate::formats::fault::Fault;
use crate::formats::input::Meter;
use crate::formats::row::{Row, RowError, RowResult};
use crate::formats::{MAX_FIELD_BYTES, gpkg_geometry};

// Rows that may wait for the reader; enough to keep the thread busy, few enough to stay small.
const ROWS_AHEAD: usize = 256;

/// A packed GeoPackage may not fill the disk: a small file of zeros unpacks to a thousand times its size.
const MAX_UNPACKED_BYTES: u64 = 4 << 30;

/// The rows of a layer.
pub struct GeopackageReader {
    layer: Layer,
    rows: Receiver<Result<RowResult, Fault>>,
    meter: Meter,
    n_read: u64,
    /// Deleted with the reader.
    _unpacked: Option<NamedTempFile>,
}

/// What the catalog of the file says of a layer.
#[derive(Clone, Debug)]
struct Layer {
    table: String,
    /// None for a table of attributes only.
    geometry: Option<String>,
    crs: Option<String>,
    definition: Option<String>,
    columns: Arc<[String]>,
    n_rows: u64,
}

impl GeopackageReader {
    /// Opens the layer of this name, or the only one.
    pub(super) fn open(path: &Path, layer: Option<&str>) -> Result<(Self, Meter), Fault> {
        let unpacked = unpacked(path)?;
        let path = unpacked.as_ref().map_or(path, NamedTempFile::path);
        let size = check_file(path)?;
        let (send, rows) = sync_channel(ROWS_AHEAD);
        let (tell, told) = sync_channel(1);
        let (path, wanted) = (path.to_owned(), layer.map(str::to_owned));
        let thread = std::thread::Builder::new().name("geopackage".to_owned());
        thread.spawn(move || serve(&path, wanted.as_deref(), &tell, &send)).map_err(Fault::Open)?;
        let layer = told.recv().map_err(|_| stopped("its reader ended"))??;
        let meter = Meter::of_size(size);
        Ok((Self { layer, rows, meter: meter.clone(), n_read: 0, _unpacked: unpacked }, meter))
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.layer.columns
    }

    pub(super) fn declared_crs(&self) -> Option<&str> {
        self.layer.crs.as_deref()
    }

    pub(super) fn crs_definition(&self) -> Option<&str> {
        self.layer.definition.as_deref()
    }

    pub(super) fn next(&mut self) -> Result<Option<RowResult>, Fault> {
        let Ok(row) = self.rows.recv() else { return Ok(None) };
        self.n_read += 1;
        // The file is not read from front to back, so the rows tell how far it is.
        let size = self.meter.size().unwrap_or(0);
        let share = size as f64 * self.n_read as f64 / self.layer.n_rows.max(1) as f64;
        self.meter.add((share as u64).min(size).saturating_sub(self.meter.read()));
        row.map(Some)
    }
}

fn stopped(why: impl std::fmt::Display) -> Fault {
    Fault::Geopackage(format!("the GeoPackage cannot be read: {why}"))
}

/// The file gunzipped to a temporary one, for SQLite reads here and there; none if it is not gzipped.
fn unpacked(path: &Path) -> Result<Option<NamedTempFile>, Fault> {
    let mut file = File::open(path).map_err(Fault::Open)?;
    let mut mark = Vec::with_capacity(2);
    Read::by_ref(&mut file).take(2).read_to_end(&mut mark).map_err(Fault::Read)?;
    if mark != [0x1f, 0x8b] {
        return Ok(None);
    }
    let mut whole = Unpacking { bytes: 0, into: NamedTempFile::new().map_err(Fault::Read)? };
    let mut packed = MultiGzDecoder::new(Cursor::new(mark).chain(file));
    std::io::copy(&mut packed, &mut whole).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge if whole.bytes > MAX_UNPACKED_BYTES => Fault::Geopackage(
            "the GeoPackage is larger than 4 GiB once unpacked: gunzip it, and import the file itself"
                .to_owned(),
        ),
        _ => Fault::of_read(error, true),
    })?;
    Ok(Some(whole.into))
}

/// Writes no more than may be.
struct Unpacking {
    bytes: u64,
    into: NamedTempFile,
}

impl Write for Unpacking {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_UNPACKED_BYTES {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.into.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.into.flush()
    }
}

/// Refuses what is no SQLite file, or only the beginning of one; the size in bytes.
fn check_file(path: &Path) -> Result<u64, Fault> {
    let mut file = File::open(path).map_err(Fault::Open)?;
    let size = file.metadata().map_err(Fault::Open)?.len();
    let mut header = Vec::with_capacity(100);
    Read::by_ref(&mut file).take(100).read_to_end(&mut header).map_err(Fault::Read)?;
    if header.is_empty() {
        return Err(Fault::Empty);
    }
    if !header.starts_with(b"SQLite format 3\0") || header.len() < 100 {
        return Err(Fault::Geopackage(
            "it is not a GeoPackage: it does not begin as a SQLite file".to_owned(),
        ));
    }
    // SQLite file format 1.3: page size at 16 (1 stands for 65,536), pages at 28.
    let page = u64::from(u16::from_be_bytes([header[16], header[17]]));
    let page = if page == 1 { 65_536 } else { page };
    let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
    if size < page * pages {
        let whole = page * pages;
        let reason = format!("the GeoPackage is cut off: it has {size} of {whole} bytes. Fetch it again");
        return Err(Fault::Geopackage(reason));
    }
    Ok(size)
}

type Told = SyncSender<Result<Layer, Fault>>;
type Rows = SyncSender<Result<RowResult, Fault>>;

/// The thread: finds the layer, tells of it, and sends its rows until nobody takes them.
fn serve(path: &Path, wanted: Option<&str>, tell: &Told, send: &Rows) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(tell.send(Err(Fault::Open(error)))),
    };
    runtime.block_on(async {
        let found = async {
            let file = file::File::open(path).await.map_err(stopped)?;
            let layer = find_layer(&file, wanted).await?;
            Ok((file, layer))
        };
        match found.await {
            Err(fault) => drop(tell.send(Err(fault))),
            Ok((file, layer)) => {
                // A reader that is gone already is no error.
                let _ = tell.send(Ok(layer.clone()));
                send_rows(&file, &layer, send).await;
            }
        }
    });
}

async fn find_layer(file: &file::File, wanted: Option<&str>) -> Result<Layer, Fault> {
    let catalog = "SELECT c.table_name, g.column_name, s.organization, s.organization_coordsys_id, s.definition \
                   FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name \
                   LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id \
                   WHERE c.data_type IN ('features', 'attributes') ORDER BY c.table_name";
    let rows = all(file, catalog).await.map_err(|error| {
        Fault::Geopackage(format!("it is a SQLite file but not a GeoPackage, or a damaged one ({error})"))
    })?;
    let names: Vec<String> = rows.iter().filter_map(|row| text(row.first())).collect();
    let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let position = match wanted {
        Some(wanted) => names.iter().position(|name| name == wanted).ok_or_else(|| {
            Fault::Geopackage(format!("there is no layer `{wanted}` in the GeoPackage; there are: {listed}"))
        })?,
        None if names.len() == 1 => 0,
        None => {
            let reason = format!("the profile must name one `layer` of the GeoPackage; there are: {listed}");
            return Err(Fault::Geopackage(reason));
        }
    };
    let row = &rows[position];
    let table = names[position].clone();
    let geometry = text(row.get(1));
    let columns = column_names(file, &table, geometry.as_deref()).await.map_err(stopped)?;
    let count =
        all(file, &format!("SELECT count(*) FROM {}", file::identifier(&table))).await.map_err(stopped)?;
    let n_rows = count.first().and_then(|row| text(row.first())).and_then(|count| count.parse().ok());
    // The GeoPackage standard reserves the organization NONE for undefined systems.
    let organization = text(row.get(2)).filter(|organization| !organization.eq_ignore_ascii_case("none"));
    let crs = organization.zip(text(row.get(3))).map(|(organization, code)| format!("{organization}:{code}"));
    Ok(Layer { table, geometry, crs, definition: text(row.get(4)), columns, n_rows: n_rows.unwrap_or(0) })
}

/// The columns of a table without the geometry.
async fn column_names(
    file: &file::File,
    table: &str,
    geometry: Option<&str>,
) -> crate::db::Result<Arc<[String]>> {
    let literal = table.replace('\'', "''");
    let rows = all(file, &format!("SELECT name FROM pragma_table_info('{literal}') ORDER BY cid")).await?;
    let names = rows.iter().filter_map(|row| text(row.first()));
    Ok(names.filter(|name| Some(name.as_str()) != geometry).collect())
}

async fn all(file: &file::File, sql: &str) -> crate::db::Result<Vec<Vec<Cell>>> {
    let mut rows = file.rows(sql.to_owned());
    let mut all = Vec::new();
    while let Some(row) = rows.next().await {
        all.push(row?.into_iter().map(|(_, cell)| cell).collect());
    }
    Ok(all)
}

async fn send_rows(file: &file::File, layer: &Layer, send: &Rows) {
    let names = layer.geometry.iter().chain(layer.columns.iter());
    let names = names.map(|name| file::identifier(name)).collect::<Vec<_>>().join(", ");
    let mut rows = file.rows(format!("SELECT {names} FROM {}", file::identifier(&layer.table)));
    let mut line = 0;
    while let Some(row) = rows.next().await {
        line += 1;
        let row = row.map(|cells| to_row(line, layer, cells)).map_err(|error| {
            Fault::Geopackage(format!(
                "the GeoPackage is damaged at row {line} ({error}); the rows before it were read"
            ))
        });
        let last = row.is_err();
        if send.send(row).is_err() || last {
            return;
        }
    }
}

fn to_row(line: u64, layer: &Layer, cells: Vec<(String, Cell)>) -> RowResult {
    let mut cells = cells.into_iter().map(|(_, cell)| cell);
    let geometry = match layer.geometry.as_ref().and_then(|_| cells.next()) {
        None | Some(Cell::Null) => None,
        Some(Cell::Bytes(blob)) => gpkg_geometry::decode(&blob)
            .map_err(|reason| RowError::new(line, layer.geometry.as_deref(), "", reason))?,
        Some(_) => {
            let reason = "The geometry is no GeoPackage geometry";
            return Err(RowError::new(line, layer.geometry.as_deref(), "", reason));
        }
    };
    let mut texts = Vec::with_capacity(layer.columns.len());
    for (cell, column) in cells.zip(layer.columns.iter()) {
        let text = text(Some(&cell));
        let reason = match &text {
            Some(text) if text.contains('\0') => "A zero byte in the text",
            Some(text) if text.len() > MAX_FIELD_BYTES => "A text of more than 1 MiB",
            Some(text) if text.contains('\u{fffd}') => "Bytes that are not UTF-8",
            _ => {
                texts.push(text.map(String::into_boxed_str));
                continue;
            }
        };
        return Err(RowError::new(line, Some(column), &text.unwrap_or_default(), reason));
    }
    Ok(Row::of_cells(line, Arc::clone(&layer.columns), texts, geometry))
}

/// A cell as text; none for null, and for bytes, which no field of FOCA holds.
fn text(cell: Option<&Cell>) -> Option<String> {
    match cell? {
        Cell::Null | Cell::Bytes(_) => None,
        Cell::Int(number) => Some(number.to_string()),
        Cell::Real(number) => Some(number.to_string()),
        Cell::Text(text) => Some(text.clone()),
    }
}
