//! Copies of a running system: database and photos in one compressed file.
//!
//! SQLite is copied with `VACUUM INTO`, which sees one consistent moment while the server goes on writing; copying
//! the file itself would tear it. Photos never change once written, so those that the copied database names are
//! there. PostgreSQL has its own tools: `pg_dump` beside a copy of the photo folder.

use crate::cli::Place;
use crate::state;
use anyhow::{Context, bail};
use sea_orm::ConnectionTrait;
use std::fs::File;
use std::path::Path;

/// Writes `file`, which must not exist.
///
/// # Errors
/// When the database is not SQLite, the photos are not in a folder, or something cannot be read or written.
pub async fn backup(place: &Place, file: &Path) -> anyhow::Result<()> {
    let url = state::database_url(place)?;
    if !url.starts_with("sqlite:") {
        bail!("this database is PostgreSQL: use pg_dump, and copy the photos beside it");
    }
    if file.exists() {
        bail!("{} is there already: choose another name", file.display());
    }
    let folder = state::photo_folder(place).context("the photos are in S3: copy the bucket with its own tools")?;
    let db = state::open_database(place, 1).await?;
    let copy = place.data.join(format!("backup-{}.db", std::process::id()));
    let made = db.read.execute_unprepared(&format!("VACUUM INTO '{}'", copy.display().to_string().replace('\'', "''"))).await;
    let written = match made {
        Ok(_) => {
            let (copy, key, target) = (copy.clone(), place.data.join("letter.key"), file.to_owned());
            tokio::task::spawn_blocking(move || pack(&copy, &key, &folder, &target)).await?
        }
        Err(error) => Err(error).context("cannot copy the database"),
    };
    let _ = std::fs::remove_file(&copy);
    written?;
    println!("Wrote {}", file.display());
    Ok(())
}

fn pack(database: &Path, key: &Path, photos: &Path, target: &Path) -> anyhow::Result<()> {
    let partial = target.with_extension("partial");
    let encoder = zstd::Encoder::new(File::create(&partial)?, 6)?;
    let mut tar = tar::Builder::new(encoder);
    tar.append_path_with_name(database, "xianghe.db")?;
    if key.exists() {
        tar.append_path_with_name(key, "letter.key")?;
    }
    if photos.exists() {
        tar.append_dir_all("photos", photos)?;
    }
    let file = tar.into_inner()?.finish()?;
    file.sync_all()?;
    std::fs::rename(&partial, target)?;
    Ok(())
}

/// Brings a copy back into a data folder that has no database yet.
///
/// # Errors
/// When there is a database already, or the file is not one of ours.
pub async fn restore(place: &Place, file: &Path) -> anyhow::Result<()> {
    if place.data.join("xianghe.db").exists() {
        bail!("{} holds a database already: restore into an empty folder", place.data.display());
    }
    std::fs::create_dir_all(&place.data)?;
    let (data, file) = (place.data.clone(), file.to_owned());
    tokio::task::spawn_blocking(move || unpack(&file, &data)).await??;
    state::open_database(place, 1).await?;
    println!("Restored into {}", place.data.display());
    Ok(())
}

fn unpack(file: &Path, data: &Path) -> anyhow::Result<()> {
    let decoder = zstd::Decoder::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?)?;
    let mut tar = tar::Archive::new(decoder);
    let mut found = false;
    for entry in tar.entries().context("this is not a backup of xianghe")? {
        let mut entry = entry.context("this is not a whole backup of xianghe")?;
        found |= entry.path()?.as_os_str() == "xianghe.db";
        // `unpack_in` refuses paths that would leave the folder.
        if !entry.unpack_in(data)? {
            bail!("the file holds a path outside its folder: it is not a backup of xianghe");
        }
    }
    if !found {
        bail!("there is no database in this file");
    }
    Ok(())
}
