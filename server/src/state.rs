//! Opening everything that a command works with: folder, key, database, photos, built site.

use crate::cli::Place;
use anyhow::{Context, bail};
use app::context::{Db, Inner, Services, SiteFiles};
use app::rooms::communities::entity::communities;
use app::rooms::photos::store::PhotoStore;
use migrations::{Migrator, MigratorTrait};
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use rand::Rng;
use sea_orm::{EntityTrait, PaginatorTrait};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The database's address: what was given, or SQLite in the data folder.
///
/// # Errors
/// When the folder cannot be made.
pub fn database_url(place: &Place) -> anyhow::Result<String> {
    private_folder(&place.data).with_context(|| format!("cannot make the data folder {}", place.data.display()))?;
    Ok(match &place.database {
        Some(url) => url.expose_secret().to_owned(),
        None => format!("sqlite:{}", place.data.join("xianghe.db").display()),
    })
}

/// The database's file, where it is SQLite.
pub fn sqlite_file(place: &Place) -> Option<PathBuf> {
    let Some(url) = &place.database else { return Some(place.data.join("xianghe.db")) };
    let path = url.expose_secret().strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// Refuses where there is no database, for commands that only look: opening it would make an empty one, and an
/// empty one is always whole.
///
/// # Errors
/// When the file is not there.
pub fn must_exist(place: &Place) -> anyhow::Result<()> {
    match sqlite_file(place) {
        Some(file) if !file.exists() => bail!("there is no database at {}", file.display()),
        _ => Ok(()),
    }
}

/// Opens the database and brings it to this program's schema.
///
/// # Errors
/// When it cannot be opened or migrated.
pub async fn open_database(place: &Place, readers: u32) -> anyhow::Result<Db> {
    let url = database_url(place)?;
    // SQLite would make its file readable by everybody; the journals take the rights of this one.
    match sqlite_file(place).map(|file| (private_file(&file), file)) {
        Some((Err(error), file)) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(|| format!("cannot make the database {}", file.display())),
        _ => {}
    }
    let db = Db::open(&url, readers).await.context("cannot open the database")?;
    migrate(&db).await?;
    Ok(db)
}

/// Brings a database to this program's schema.
///
/// # Errors
/// When it cannot be migrated, or comes from a newer program.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    Migrator::up(&db.write, None).await.context("cannot bring the database to this program's schema")
}

/// Opens the photo store.
///
/// # Errors
/// When the folder cannot be made or the address is not understood.
pub fn open_photos(place: &Place) -> anyhow::Result<PhotoStore> {
    let storage = place.storage.clone().unwrap_or_else(|| format!("file:{}", place.data.join("photos").display()));
    let objects: Arc<dyn ObjectStore> = if let Some(folder) = storage.strip_prefix("file:") {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the photo folder {folder}"))?;
        Arc::new(LocalFileSystem::new_with_prefix(folder)?)
    } else if let Some(bucket) = storage.strip_prefix("s3://") {
        Arc::new(AmazonS3Builder::from_env().with_bucket_name(bucket).build()?)
    } else {
        bail!("the storage {storage} is neither file:FOLDER nor s3://BUCKET");
    };
    Ok(PhotoStore::new(objects))
}

/// The word that a set-up asks for, so that nobody who only knows the address can take it: whoever runs the program reads
/// it there. It follows from how many communities there are, so that each is set up with a word of its own, once.
pub fn setup_key(letter_key: &[u8; 32], communities: u64) -> String {
    let mut digest = Sha256::new();
    digest.update(b"set-up of ");
    digest.update(letter_key);
    digest.update(communities.to_be_bytes());
    hex::encode(&digest.finalize()[..8])
}

/// Prints the address where one more community is set up.
///
/// # Errors
/// When there is no installation, or it cannot be read.
pub async fn invite(place: &Place, public_url: &str) -> anyhow::Result<()> {
    must_exist(place)?;
    let db = open_database(place, 1).await?;
    let there = communities::Entity::find().count(&db.read).await?;
    println!("{}/setup?key={}", public_url.trim_end_matches('/'), setup_key(&letter_key(&place.data)?, there));
    Ok(())
}

/// The folder of the photos, where they are in one.
pub fn photo_folder(place: &Place) -> Option<PathBuf> {
    match &place.storage {
        None => Some(place.data.join("photos")),
        Some(storage) => storage.strip_prefix("file:").map(PathBuf::from),
    }
}

/// This installation's key, made on the first run and readable by its owner alone.
///
/// # Errors
/// When the file cannot be read or written.
pub fn letter_key(data: &Path) -> anyhow::Result<[u8; 32]> {
    let file = data.join("letter.key");
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let bytes = hex::decode(text.trim()).context("letter.key is not hex")?;
            return bytes.try_into().map_err(|_| anyhow::anyhow!("letter.key does not hold 32 bytes"));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        // One that is there and cannot be read must not be replaced: every letter would stop working.
        Err(error) => return Err(error).context("cannot read letter.key"),
    }
    let mut key = [0u8; 32];
    rand::rng().fill_bytes(&mut key);
    write_key(&file, &hex::encode(key)).context("cannot write letter.key")?;
    Ok(key)
}

/// Under another name first: half a key, after a power cut, would keep the program from ever starting again.
fn write_key(file: &Path, text: &str) -> std::io::Result<()> {
    let partial = file.with_extension("partial");
    let _ = std::fs::remove_file(&partial);
    let mut to = private_file(&partial)?;
    to.write_all(text.as_bytes())?;
    to.sync_all()?;
    std::fs::rename(&partial, file)
}

/// Makes a file, which must not exist, that its owner alone may read.
///
/// # Errors
/// When it is there or cannot be made.
pub fn private_file(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Makes a folder, if it is missing, that its owner alone may enter.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    // Those above it are not ours alone.
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made,
    }
}

/// The built site: the folder given, or `site` beside the program.
pub fn site_folder(given: Option<&Path>) -> Option<PathBuf> {
    if let Some(folder) = given {
        return Some(folder.to_owned());
    }
    let program = std::env::current_exe().ok()?;
    let beside = program.parent()?;
    [beside.join("site"), beside.join("../site")].into_iter().find(|f| f.join("site.json").exists())
}

/// The names of the built site's files, as its `site.json` says.
pub fn site_files(folder: Option<&Path>) -> SiteFiles {
    let read = |folder: &Path| -> Option<serde_json::Value> { serde_json::from_str(&std::fs::read_to_string(folder.join("site.json")).ok()?).ok() };
    let Some(json) = folder.and_then(read) else {
        tracing::warn!("no built site: pages have no style and do not come to life; run `make site`");
        return SiteFiles::default();
    };
    let get = |key: &str| json[key].as_str().map(str::to_owned);
    let tools = json["tools"].as_object().into_iter().flatten().filter_map(|(name, address)| Some((name.clone(), address.as_str()?.to_owned()))).collect();
    SiteFiles { js: get("js"), wasm: get("wasm"), css: get("css"), page: get("page"), tools }
}

/// Puts the services together.
///
/// # Errors
/// When the key cannot be read or made.
pub fn services(db: Db, photos: PhotoStore, place: &Place, site: SiteFiles, public_url: String) -> anyhow::Result<Services> {
    let letter_key = letter_key(&place.data)?;
    Ok(Services(Arc::new(Inner { db, photos, letter_key, site, public_url, robot_hosts: std::sync::OnceLock::new(), version: env!("CARGO_PKG_VERSION") })))
}
