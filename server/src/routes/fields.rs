//! Reading forms: plain and multipart, with every value kept for showing it again.

use super::desk::allowed;
use crate::ask::{AppState, Ask, Values};
use app::context::internal;
use app::error::AppError;
use app::ids::{CommunityId, MutationId, PersonId, PhotoId};
use app::measure::Time;
use app::rooms::people::rules::Permission;
use app::rooms::photos::model::Stored;
use app::rooms::photos::pipeline::develop;
use app::rooms::photos::rules::BYTES_MAX;
use app::rooms::photos::store::keep;
use axum::extract::Multipart;
use axum::extract::multipart::Field;
use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// A form that was sent.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// The values by field.
    pub values: Values,
    /// The files that are not empty.
    pub files: Vec<Attached>,
}

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The form's field.
    pub field: String,
    /// The file's own name.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The most fields that a form may have: the editor of a scoring sheet has eleven for each of its items.
const FIELDS: usize = 1_200;
/// The most files that a form may have.
const FILES: usize = 20;

impl Fields {
    /// From a plain form's pairs.
    pub fn plain(pairs: Vec<(String, String)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs.into_iter().take(FIELDS) {
            fields.values.entry(name).or_default().push(value);
        }
        fields
    }

    /// From a multipart form.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is cut off, too large or not a form.
    pub async fn multipart(mut form: Multipart) -> Result<Self, AppError> {
        let mut fields = Self::default();
        let mut count = 0;
        while let Some(part) = form.next_field().await.map_err(|_| cut_off())? {
            count += 1;
            if count > FIELDS {
                return Err(AppError::UnknownKind);
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = whole(part, if file.is_some() { BYTES_MAX } else { TEXT_BYTES }).await?;
            if let Some(file) = file {
                if !bytes.is_empty() {
                    if fields.files.len() >= FILES {
                        return Err(AppError::field("photos", "照片太多了", "Too many photos"));
                    }
                    fields.files.push(Attached { field: name, name: file, bytes });
                }
            } else {
                fields.values.entry(name).or_default().push(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        Ok(fields)
    }

    /// A field's value, empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// A value that must parse.
    ///
    /// # Errors
    /// [`AppError::NotFound`]: a page of ours never sends a wrong one.
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<T, AppError> {
        self.get(name).trim().parse().map_err(|_| AppError::NotFound)
    }

    /// A value that may be absent.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is there and wrong.
    pub fn maybe<T: FromStr>(&self, name: &str) -> Result<Option<T>, AppError> {
        if self.get(name).trim().is_empty() { Ok(None) } else { self.parse(name).map(Some) }
    }

    /// The mutation's id, made when the page was rendered.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn id(&self) -> Result<MutationId, AppError> {
        self.parse("id")
    }

    /// The values without secrets, for showing the form again.
    pub fn to_show(&self) -> Values {
        let mut values = self.values.clone();
        for secret in ["pin", "password", "secret"] {
            values.remove(secret);
        }
        values
    }
}

/// A form with files as it arrives.
pub type Sent = Result<Multipart, axum::extract::multipart::MultipartRejection>;

/// Reads a form with files of somebody who may send it: nobody sends pictures before we know who they are.
///
/// # Errors
/// [`AppError::Forbidden`], and what the form refuses.
pub async fn received(state: &AppState, ask: &Ask, needed: Permission, form: Sent) -> Result<Fields, AppError> {
    allowed(ask, needed)?;
    state.receive(Fields::multipart(form.map_err(|_| AppError::UnknownKind)?)).await
}

/// Most bytes in one field of words: far more than any field takes, so that what is too long is named by its own rule.
const TEXT_BYTES: usize = 16 * 1024;

fn cut_off() -> AppError {
    AppError::field("photos", "照片没有传完整，请再发一次（每张 12 MB 以内）", "The photos did not arrive whole; send again (12 MB each at most)")
}

/// Reads one part, counting: nobody holds more memory than a part may have.
async fn whole(mut part: Field<'_>, most: usize) -> Result<Bytes, AppError> {
    let mut all = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| cut_off())? {
        if all.len() + chunk.len() > most {
            return Err(cut_off());
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all.freeze())
}

/// The name of a photo that came with a form: it follows from the form's own id, so that the same form sent twice names
/// the same photos.
pub fn photo_of(mutation: MutationId, position: usize, bytes: &[u8]) -> PhotoId {
    let mut digest = Sha256::new();
    digest.update(mutation.0.as_bytes());
    digest.update(position.to_be_bytes());
    digest.update(bytes);
    let mut name = [0; 16];
    name.copy_from_slice(&digest.finalize()[..16]);
    PhotoId(uuid::Builder::from_custom_bytes(name).into_uuid())
}

/// Develops and keeps a picture, a few at a time.
///
/// # Errors
/// [`AppError::Invalid`] for what is not a picture.
pub async fn keep_picture(state: &AppState, community: CommunityId, uploader: Option<PersonId>, id: PhotoId, bytes: Bytes) -> Result<Stored, AppError> {
    let _place = state.darkroom.acquire().await.map_err(internal)?;
    let photo = tokio::task::spawn_blocking(move || develop(&bytes)).await.map_err(internal)??;
    keep(&state.services.db, &state.services.photos, community, id, uploader, &photo, Time::now()).await
}
