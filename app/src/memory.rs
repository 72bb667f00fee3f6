//! What everybody reads is remembered for a second, or until its community changes: a thousand people who look at the
//! same board in the same second cost one reading of it.
//!
//! Only what is the same for everybody belongs here. A change that this process makes is seen at once; one that another
//! process made on the same database is seen after [`LASTS`] at the latest.

use crate::error::AppError;
use crate::ids::CommunityId;
use moka::future::Cache;
use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use uuid::Uuid;

/// How long something is remembered at most.
pub const LASTS: Duration = Duration::from_secs(1);
/// How many answers are remembered: some ten megabytes.
const ANSWERS: u64 = 1_000;

type Key = (Uuid, u64, String);
type Anything = Arc<dyn Any + Send + Sync>;
type Reading<'a> = Pin<Box<dyn Future<Output = Result<Anything, AppError>> + Send + 'a>>;

/// The memory of one process.
#[derive(Clone, Debug)]
pub struct Memory {
    answers: Cache<Key, Anything>,
    /// How often each community has changed; the nil community stands for all of them.
    changes: Arc<RwLock<HashMap<Uuid, u64>>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { answers: Cache::builder().max_capacity(ANSWERS).time_to_live(LASTS).build(), changes: Arc::default() }
    }
}

impl Memory {
    /// The answer to `what` in a community (or, with `None`, in the whole installation): remembered, or read now. Many
    /// who ask at once wait for one reading. A refusal is not remembered.
    ///
    /// # Errors
    /// What `read` refuses.
    pub async fn recall<T, F>(&self, community: Option<CommunityId>, what: String, read: F) -> Result<T, AppError>
    where
        T: Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, AppError>> + Send,
    {
        let community = community.map_or(Uuid::nil(), |c| c.0);
        // The count is part of the key: an answer that was being read while its community changed is never found again.
        let key = (community, self.count(community), what);
        let answer = match self.answers.get(&key).await {
            Some(answer) => answer,
            None => self.read(key, Box::pin(async { read.await.map(|answer| Arc::new(answer) as Anything) })).await?,
        };
        answer.downcast_ref::<T>().cloned().ok_or_else(|| crate::context::internal("one name for two kinds of answers"))
    }

    /// Boxed: a page's readings are large, and pages are nested deeply enough as it is.
    fn read<'a>(&'a self, key: Key, read: Reading<'a>) -> Reading<'a> {
        Box::pin(async { self.answers.try_get_with(key, read).await.map_err(|error: Arc<AppError>| (*error).clone()) })
    }

    /// Forgets what a community answered: its repairs changed.
    pub fn forget(&self, community: CommunityId) {
        self.count_up(community.0);
    }

    /// Forgets what the installation answered: communities, stickers, people or their roles changed.
    pub fn forget_all(&self) {
        self.count_up(Uuid::nil());
    }

    fn count_up(&self, changed: Uuid) {
        *self.changes.write().unwrap_or_else(PoisonError::into_inner).entry(changed).or_default() += 1;
    }

    fn count(&self, community: Uuid) -> u64 {
        self.changes.read().unwrap_or_else(PoisonError::into_inner).get(&community).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn it_reads_once_until_something_changes() {
        let memory = Memory::default();
        let (here, there) = (CommunityId::new(), CommunityId::new());
        let reads = AtomicU32::new(0);
        let ask = |community| memory.recall(Some(community), "board".into(), async { Ok(reads.fetch_add(1, Ordering::Relaxed)) });
        assert_eq!((ask(here).await, ask(here).await, ask(there).await), (Ok(0), Ok(0), Ok(1)));
        memory.forget(there);
        assert_eq!((ask(here).await, ask(there).await), (Ok(0), Ok(2)));
        let refused = memory.recall::<u32, _>(Some(here), "nothing".into(), async { Err(AppError::NotFound) }).await;
        assert_eq!(refused, Err(AppError::NotFound));
        assert_eq!(memory.recall(Some(here), "nothing".into(), async { Ok(1) }).await, Ok(1));
    }
}
