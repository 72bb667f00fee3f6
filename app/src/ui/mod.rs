//! What every page is made of: the frame with its tabs, icons, cards, notices, and small forms.

pub mod boot;
pub mod cards;
pub mod forms;
pub mod frame;
pub mod icons;
pub mod load;
pub mod wire;

pub use boot::{Boot, Echo, boot, echo};
pub use cards::{card_row, due_line, empty, households_line, photo, state_tag, thumbnail};
pub use frame::{Page, frame, notice};
pub use icons::{category_icon, icon};
