//! Copies of a running system: database, key and photos in one compressed file.
//!
//! SQLite is copied with `VACUUM INTO`, which sees one consistent moment while the server goes on writing; copying
//! the file itself would tear it. Photos never change once they have their name, so those that the copied database
//! names are there. PostgreSQL has its own tools: `pg_dump` beside a copy of the photo folder.
//!
//! A copy holds everything that the system knows, phone numbers and the key of the letters too, so it is readable by
//! its owner alone, and so is every file on the way.

use crate::cli::Place;
use crate::state::{self, private_file, private_folder};
use anyhow::{Context, bail};
use app::context::Db;
use sea_orm::{ConnectionTrait, Statement};
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

const DATABASE: &str = "xianghe.db";
const KEY: &str = "letter.key";
const PHOTOS: &str = "photos";

/// A file or folder on the way: removed when it goes out of scope, unless it was moved to its place or is kept.
struct Scratch(PathBuf);

impl Scratch {
    fn keep(mut self) {
        // An empty path names nothing.
        self.0.clear();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = if self.0.is_dir() { std::fs::remove_dir_all(&self.0) } else { std::fs::remove_file(&self.0) };
    }
}

/// Writes `file`, which must not exist.
///
/// # Errors
/// When the database is not SQLite or not there, the photos are not in a folder, or something cannot be read or written.
pub async fn backup(place: &Place, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} is there already: choose another name", file.display());
    }
    let source = state::sqlite_file(place).context("this database is PostgreSQL: use pg_dump, and copy the photos beside it")?;
    state::must_exist(place)?;
    let folder = state::photo_folder(place).context("the photos are in S3: copy the bucket with its own tools")?;
    // Opened as it is: a newer program that only copies must not change the schema under a server that is running.
    let db = Db::open(&format!("sqlite:{}", source.display()), 1).await.context("cannot open the database")?;
    let copy = Scratch(place.data.join(format!("backup-{}.db", std::process::id())));
    // Made empty beforehand, which SQLite accepts, so that nobody else can read it at any moment.
    private_file(&copy.0).with_context(|| format!("cannot write {}", copy.0.display()))?;
    let quoted = copy.0.display().to_string().replace('\'', "''");
    db.read.execute_unprepared(&format!("VACUUM INTO '{quoted}'")).await.context("cannot copy the database")?;
    close(&db).await?;
    let (key, target) = (place.data.join(KEY), file.to_owned());
    tokio::task::spawn_blocking(move || pack(&copy.0, &key, &folder, &target)).await??;
    println!("Wrote {}", file.display());
    Ok(())
}

async fn close(db: &Db) -> anyhow::Result<()> {
    db.read.close_by_ref().await?;
    db.write.close_by_ref().await?;
    Ok(())
}

fn pack(database: &Path, key: &Path, photos: &Path, target: &Path) -> anyhow::Result<()> {
    let mut name = target.file_name().context("this is no name for a file")?.to_owned();
    name.push(".partial");
    let partial = Scratch(target.with_file_name(name));
    let _ = std::fs::remove_file(&partial.0);
    let file = private_file(&partial.0).with_context(|| format!("cannot write {}", partial.0.display()))?;
    let mut encoder = zstd::Encoder::new(file, 6)?;
    // Without it, a picture with a flipped bit would come back without a word.
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    tar.append_file(DATABASE, &mut File::open(database)?)?;
    if key.exists() {
        tar.append_file(KEY, &mut File::open(key)?)?;
    }
    pack_photos(&mut tar, photos, Path::new(PHOTOS))?;
    tar.into_inner()?.finish()?.sync_all()?;
    std::fs::rename(&partial.0, target)?;
    Ok(())
}

/// Packs what has its final name. The server writes a picture under another name first, and that one must not be
/// packed: it grows while it is read, or is gone.
fn pack_photos<W: io::Write>(tar: &mut tar::Builder<W>, folder: &Path, name: &Path) -> anyhow::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("cannot read {}", folder.display()))?,
    };
    for entry in entries {
        let entry = entry?;
        let name = name.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            pack_photos(tar, &entry.path(), &name)?;
        } else if is_picture(&name) {
            match File::open(entry.path()) {
                Ok(mut file) => tar.append_file(&name, &mut file)?,
                // Swept by the server, which hung it on nothing: the copied database does not miss it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| format!("cannot read {}", entry.path().display())),
            }
        }
    }
    Ok(())
}

fn is_picture(name: &Path) -> bool {
    name.extension().is_some_and(|e| e == "jpg")
}

/// Brings a copy back into a data folder that is empty or not there yet. All of it or nothing: it is unpacked and
/// looked through elsewhere first.
///
/// # Errors
/// When there is something in the folder already, or the file is not one of ours, cut off, or damaged.
pub async fn restore(place: &Place, file: &Path) -> anyhow::Result<()> {
    if place.database.is_some() || place.storage.is_some() {
        bail!("a copy comes back into the data folder: leave --database and --storage out (also XIANGHE_DATABASE and XIANGHE_STORAGE)");
    }
    let data = std::fs::canonicalize(&place.data).or_else(|_| std::path::absolute(&place.data))?;
    if std::fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty: restore into an empty folder", data.display());
    }
    let staged = Scratch(stage(&data)?);
    let (folder, file) = (staged.0.clone(), file.to_owned());
    tokio::task::spawn_blocking(move || unpack(&file, &folder)).await??;
    check(&staged.0).await?;
    put_in_place(&staged.0, &data).with_context(|| format!("cannot bring the copy to {}", data.display()))?;
    println!("Restored into {}", data.display());
    Ok(())
}

/// Where a copy is unpacked, on the same disk as its place: beside a folder that is not there yet. A folder that is
/// there may be a disk of its own, or belong to a user who cannot write beside it, so it is used itself.
fn stage(data: &Path) -> anyhow::Result<PathBuf> {
    let staged = if data.exists() {
        data.join(format!(".restoring-{}", std::process::id()))
    } else {
        let name = data.file_name().context("this is no name for a folder")?.to_string_lossy();
        data.with_file_name(format!(".{name}.restoring-{}", std::process::id()))
    };
    private_folder(&staged).with_context(|| format!("cannot make {}", staged.display()))?;
    Ok(staged)
}

fn unpack(file: &Path, folder: &Path) -> anyhow::Result<()> {
    let decoder = zstd::Decoder::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?)?;
    let mut tar = tar::Archive::new(decoder);
    for entry in tar.entries().context("this is not a backup of xianghe")? {
        let mut entry = entry.context("this is not a whole backup of xianghe")?;
        let name = entry.path()?.into_owned();
        let plain = name.components().all(|c| matches!(c, Component::Normal(_)));
        let known = name == Path::new(DATABASE) || name == Path::new(KEY) || (name.starts_with(PHOTOS) && is_picture(&name));
        if !plain || !known || !entry.header().entry_type().is_file() {
            bail!("the file holds {}: it is not a backup of xianghe", name.display());
        }
        let path = folder.join(&name);
        if let Some(parent) = path.parent() {
            private_folder(parent)?;
        }
        let mut to = private_file(&path).with_context(|| format!("cannot write {}", name.display()))?;
        io::copy(&mut entry, &mut to).context("this is not a whole backup of xianghe")?;
        if !name.starts_with(PHOTOS) {
            to.sync_all()?;
        }
    }
    // The checksum stands at the very end, after what the archive says is its own.
    io::copy(&mut tar.into_inner(), &mut io::sink()).context("this is not a whole backup of xianghe")?;
    if !folder.join(DATABASE).exists() {
        bail!("there is no database in this file");
    }
    Ok(())
}

/// The database holds together, is one of ours, and can be brought to this program's schema.
async fn check(folder: &Path) -> anyhow::Result<()> {
    let db = Db::open(&format!("sqlite:{}", folder.join(DATABASE).display()), 1).await.context("the database in this file does not open")?;
    let verdict = look(&db).await;
    // Closing writes the last changes into the database's own file, which is the only one that is moved.
    close(&db).await?;
    verdict
}

async fn look(db: &Db) -> anyhow::Result<()> {
    let ask = async |sql: &str| db.read.query_one_raw(Statement::from_string(db.backend(), sql)).await;
    let whole = ask("PRAGMA quick_check(1)").await.context("the database in this file is damaged")?;
    let whole: String = whole.context("SQLite does not say whether the database is whole")?.try_get_by_index(0)?;
    if whole != "ok" {
        bail!("the database in this file is damaged: {whole}");
    }
    // An empty one would become a new system, without a word of what it has lost.
    ask("SELECT COUNT(*) FROM event_heads").await.context("the database in this file is not of xianghe")?;
    state::migrate(db).await
}

/// Moves what was unpacked to its place. Nothing that is there is ever written over.
fn put_in_place(staged: &Path, data: &Path) -> anyhow::Result<()> {
    if staged.parent() != Some(data) {
        // Fails where somebody has put something there meanwhile.
        return Ok(std::fs::rename(staged, data)?);
    }
    if std::fs::read_dir(data)?.count() != 1 {
        bail!("something else was put into the folder meanwhile");
    }
    // The database comes last: with it, a folder is a whole system.
    let mut moved = Vec::new();
    for name in [PHOTOS, KEY, DATABASE] {
        let (from, to) = (staged.join(name), data.join(name));
        if from.exists() {
            std::fs::rename(&from, &to)?;
            moved.push(Scratch(to));
        }
    }
    moved.into_iter().for_each(Scratch::keep);
    Ok(())
}
