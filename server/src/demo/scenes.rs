//! Drawn pictures for the photos of the demonstration: calm, flat, each before and after the repair.
//!
//! A picture is an SVG without text, drawn by resvg and packed as JPEG. There are a few dozen different ones, so that
//! the four hundred tickets do not look alike and the whole set is made in a few seconds.

use super::{scenes_grounds as grounds, scenes_indoor as indoor, scenes_outdoor as outdoor, scenes_works as works};
use anyhow::{Context, Result};
use resvg::{tiny_skia, usvg};

/// Pixels across.
pub const WIDTH: u32 = 960;
/// Pixels down.
pub const HEIGHT: u32 = 720;

macro_rules! subjects {
    ($($(#[$doc:meta])* $name:ident = $looks:literal, $draw:path;)+) => {
        /// What a picture shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Subject {
            $($(#[$doc])* $name,)+
        }

        impl Subject {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// How many variants there are, by colours and time of day.
            pub fn looks(self) -> u8 {
                match self { $(Self::$name => $looks,)+ }
            }

            fn draw(self, mended: bool, look: u8) -> String {
                match self { $(Self::$name => $draw(mended, look),)+ }
            }
        }
    };
}

subjects! {
    /// A bench: boards askew, screws out.
    Bench = 2, outdoor::bench;
    /// A street lamp at night.
    Lamp = 2, outdoor::lamp;
    /// A pothole.
    Pothole = 2, outdoor::pothole;
    /// Loose paving.
    Paving = 1, outdoor::paving;
    /// A manhole without its cover.
    Manhole = 1, outdoor::manhole;
    /// A broken branch.
    Branch = 2, outdoor::branch;
    /// A lawn worn bare.
    Lawn = 1, outdoor::lawn;
    /// Rubbish beside the bins.
    Rubbish = 2, outdoor::rubbish;
    /// Tiles fallen from a wall.
    WallTile = 1, outdoor::wall_tile;
    /// A bent gate barrier.
    Barrier = 1, outdoor::barrier;
    /// Sewage coming up.
    Sewage = 1, grounds::sewage;
    /// Fitness equipment.
    Fitness = 1, grounds::fitness;
    /// A slide.
    Slide = 1, grounds::slide;
    /// A hydrant cabinet.
    Hydrant = 1, grounds::hydrant;
    /// A blocked drain.
    Drain = 1, grounds::drain;
    /// The door of a stair.
    EntranceDoor = 2, grounds::entrance_door;
    /// The light in a stair.
    StairLight = 2, indoor::stair_light;
    /// An intercom panel.
    Intercom = 2, indoor::intercom;
    /// A stain on a ceiling.
    CeilingStain = 2, indoor::ceiling_stain;
    /// Water in the garage.
    GarageLeak = 1, indoor::garage_leak;
    /// Things left in a stair.
    StairClutter = 2, indoor::stair_clutter;
    /// The panel of a lift.
    LiftPanel = 1, indoor::lift_panel;
    /// The doors of a lift.
    LiftDoor = 1, indoor::lift_door;
    /// A sprinkler head.
    Sprinkler = 1, indoor::sprinkler;
    /// A burst pipe.
    BurstPipe = 1, indoor::burst_pipe;
    /// A charging cabinet.
    Charger = 1, indoor::charger;
    /// A handrail.
    Handrail = 1, indoor::handrail;
    /// A distribution box.
    Wiring = 1, indoor::wiring;
    /// Letter boxes.
    Mailbox = 1, indoor::mailbox;
    /// A kitchen tap.
    Tap = 1, indoor::tap;
    /// A camera at the corner of a house.
    Camera = 2, works::camera;
    /// Cables on a wall.
    Cabling = 1, works::cabling;
    /// The wall of monitors in the guards' room.
    Monitors = 1, works::monitors;
    /// An electric bike left behind in a garage.
    OldBike = 1, works::old_bike;
}

/// One picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Picture {
    /// What it shows.
    pub subject: Subject,
    /// After the repair.
    pub mended: bool,
    /// The variant, below [`Subject::looks`].
    pub look: u8,
}

impl Picture {
    /// Every picture there is.
    pub fn all() -> Vec<Self> {
        let each = |subject: &Subject| (0..subject.looks()).flat_map(|look| [false, true].map(|mended| Self { subject: *subject, mended, look })).collect::<Vec<_>>();
        Subject::ALL.iter().flat_map(each).collect()
    }

    /// The drawing.
    pub fn svg(self) -> String {
        let inner = self.subject.draw(self.mended, self.look);
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">{inner}</svg>"#)
    }

    /// The drawing as pixels.
    ///
    /// # Errors
    /// When the drawing is not valid SVG.
    pub fn image(self) -> Result<image::RgbImage> {
        let tree = usvg::Tree::from_str(&self.svg(), &usvg::Options::default())?;
        let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).context("no canvas of this size")?;
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut canvas.as_mut());
        // Every drawing begins with a full background, so that nothing is transparent.
        let pixels = canvas.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        image::RgbImage::from_raw(WIDTH, HEIGHT, pixels).context("the canvas has another size")
    }

    /// The picture as a JPEG file.
    ///
    /// # Errors
    /// When the drawing is not valid SVG.
    pub fn jpeg(self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 84).encode_image(&self.image()?)?;
        Ok(bytes)
    }
}

/// Makes many pictures, on two cores.
///
/// # Errors
/// When a drawing is not valid SVG.
pub fn draw_all(pictures: &[Picture]) -> Result<Vec<(Picture, Vec<u8>)>> {
    let (left, right) = pictures.split_at(pictures.len() / 2);
    let draw = |part: &[Picture]| part.iter().map(|p| Ok((*p, p.jpeg()?))).collect::<Result<Vec<_>>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| draw(right));
        let mut all = draw(left)?;
        all.extend(other.join().map_err(|_| anyhow::anyhow!("a picture could not be drawn"))??);
        Ok(all)
    })
}

/// A rectangle with corners of radius `r`.
pub(super) fn rect(x: i32, y: i32, w: i32, h: i32, r: i32, fill: &str) -> String {
    // A side of nothing draws nothing: a post that stands at the horizon.
    if w <= 0 || h <= 0 {
        return String::new();
    }
    format!(r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}"/>"#)
}

/// An ellipse.
pub(super) fn oval(x: i32, y: i32, rx: i32, ry: i32, fill: &str) -> String {
    format!(r#"<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"/>"#)
}

/// A filled shape.
pub(super) fn shape(d: &str, fill: &str) -> String {
    format!(r#"<path d="{d}" fill="{fill}"/>"#)
}

/// A line with round ends.
pub(super) fn line(d: &str, stroke: &str, width: i32) -> String {
    format!(r#"<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>"#)
}

/// Something seen through: a shadow, a gleam, water.
pub(super) fn faint(percent: i32, inner: &str) -> String {
    format!(r#"<g opacity="0.{percent:02}">{inner}</g>"#)
}

/// Something turned by `degrees` around a point.
pub(super) fn turned(degrees: i32, x: i32, y: i32, inner: &str) -> String {
    format!(r#"<g transform="rotate({degrees} {x} {y})">{inner}</g>"#)
}

/// Copies of something, `n` times, each `dx`, `dy` further.
pub(super) fn row(n: i32, dx: i32, dy: i32, inner: &str) -> String {
    (0..n).map(|i| format!(r#"<g transform="translate({} {})">{inner}</g>"#, i * dx, i * dy)).collect()
}

/// A background that passes from one colour to another, from top to bottom.
pub(super) fn fade(name: &str, from: &str, to: &str, x: i32, y: i32, w: i32, h: i32) -> String {
    format!(
        r#"<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{from}"/><stop offset="1" stop-color="{to}"/></linearGradient><rect x="{x}" y="{y}" width="{w}" height="{h}" fill="url(#{name})"/>"#
    )
}

/// A light that fades out all around.
pub(super) fn glow(name: &str, x: i32, y: i32, r: i32, colour: &str) -> String {
    format!(
        r#"<radialGradient id="{name}"><stop offset="0" stop-color="{colour}" stop-opacity="0.9"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient><circle cx="{x}" cy="{y}" r="{r}" fill="url(#{name})"/>"#
    )
}

/// A traffic cone.
pub(super) fn cone(x: i32, y: i32) -> String {
    let at = |inner: String| format!(r#"<g transform="translate({x} {y})">{inner}</g>"#);
    at([
        faint(20, &oval(0, 4, 66, 14, "#222")),
        rect(-52, -10, 104, 14, 4, "#c2582f"),
        shape("M-34 -10 L-9 -130 H9 L34 -10Z", "#df6f3f"),
        shape("M-25 -52 L-18 -86 H18 L25 -52Z", "#f5efe6"),
    ]
    .concat())
}
