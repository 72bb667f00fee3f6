//! Icons as single strokes on a 24-unit square; words always stand beside them.

use crate::rooms::tickets::model::Category;
use leptos::prelude::*;

/// One icon by its path.
pub fn icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="i" width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d=path(name)></path>
        </svg>
    }
}

/// The icon of a category.
pub fn category_icon(category: Category) -> impl IntoView {
    icon(match category {
        Category::PublicOutage => "plug",
        Category::BurstPipe | Category::Leak => "drop",
        Category::LiftEntrapment => "lift",
        Category::FireSystem => "fire",
        Category::FallingHazard => "fall",
        Category::Sewage => "wave",
        Category::Manhole => "ring",
        Category::Facility => "bench",
        Category::Lighting => "bulb",
        Category::Access => "door",
        Category::Road => "road",
        Category::Greening => "leaf",
        Category::Cleaning => "broom",
        Category::OwnPart => "home",
    })
}

fn path(name: &str) -> &'static str {
    match name {
        "home" => "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
        "camera" => "M4 8h3l2-3h6l2 3h3v11H4zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
        "car" => "M4 17v-5l2.500-6h11L20 12v5zM4 12h16M6 17v2M18 17v2M7.500 14.500v.1M16.500 14.500v.1",
        "list" => "M5 4h14v16H5zM8 9h8M8 13h8M8 17h5",
        "me" => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-6 8-6s7 2 8 6",
        "desk" => "M4 5h16v10H4zM9 20h6M12 15v5",
        "bench" => "M4 9h16M4 13h16M6 9v10M18 9v10",
        "bulb" => "M9 18h6M10 21h4M12 3a6 6 0 0 1 3.5 10.8V16h-7v-2.2A6 6 0 0 1 12 3z",
        "lift" => "M5 3h14v18H5zM12 3v18M9 9l-1 2M15 13l1-2",
        "drop" => "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z",
        "door" => "M6 21V4h12v17M4 21h16M14 12v1",
        "leaf" => "M5 19C5 9 11 5 20 4c0 9-4 15-13 15zM5 20c2-5 5-8 9-10",
        "fire" => "M12 3c1 4 5 5 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 0-4-1-6 1-9z",
        "road" => "M8 4 5 20M16 4l3 16M12 5v3M12 11v3M12 17v3",
        "broom" => "M14 4l-4 8M7 12h8l2 8H5z",
        "plug" => "M9 4v5M15 4v5M6 9h12v3a6 6 0 0 1-12 0zM12 18v3",
        "fall" => "M12 4v9M8 10l4 4 4-4M5 20h14",
        "wave" => "M3 9c3-3 6 3 9 0s6-3 9 0M3 15c3-3 6 3 9 0s6-3 9 0",
        "ring" => "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM9 12h6",
        "warn" => "M12 4v9M12 17v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        "check" => "M5 13l4 4L19 7",
        "clock" => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v5l3 2",
        "numbers" => "M5 19V9M12 19V5M19 19v-7",
        "people" => "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.500 20c.8-3.500 3-5 6.500-5s5.700 1.500 6.500 5M16 6a3 3 0 0 1 0 6M17 15c2.500.3 4 2 4.500 5",
        "tag" => "M4 4h8l8 8-8 8-8-8zM8.500 8.500v.1",
        "letter" => "M3 6h18v12H3zM3 7l9 7 9-7",
        "sheet" => "M5 3h14v18H5zM5 9h14M5 15h14M11 9v12",
        "shield" => "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
        "tool" => "M14 6a4 4 0 0 1 5-1l-3 3 1 2 3-1a4 4 0 0 1-6 4l-7 7-3-3 7-7a4 4 0 0 1 3-4z",
        "yuan" => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9 8l3 4 3-4M12 12v5M9.500 13h5",
        "phone" => "M6 3h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4c0 1-1 2-2 2C10 20 4 14 4 5c0-1 1-2 2-2z",
        "pin" => "M12 3a6 6 0 0 1 6 6c0 5-6 12-6 12S6 14 6 9a6 6 0 0 1 6-6zM12 7.500v3",
        _ => "M6 12h.1M12 12h.1M18 12h.1",
    }
}
