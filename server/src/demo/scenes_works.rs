//! Pictures of works: cameras, cables, the wall of monitors; before and after.

use super::scenes::{faint, line, oval, rect, row, shape, turned};

/// A house wall with a corner and two windows.
fn wall(evening: bool) -> String {
    let (sky, front, side, glass) = if evening { ("#e7cdbd", "#cbb8a4", "#b7a491", "#e9d49a") } else { ("#cfe0ea", "#d9cdb9", "#c5b9a6", "#b9d0da") };
    let window = [rect(0, 0, 150, 190, 4, "#f1ece2"), rect(12, 12, 58, 166, 2, glass), rect(80, 12, 58, 166, 2, glass)].concat();
    [
        rect(0, 0, 960, 720, 0, sky),
        rect(240, 60, 720, 660, 0, front),
        shape("M240 60 L0 170 V720 H240Z", side),
        faint(35, &row(9, 0, 74, &rect(240, 96, 720, 3, 0, "#8d8171"))),
        row(2, 250, 0, &format!(r#"<g transform="translate(430 360)">{window}</g>"#)),
        rect(240, 640, 720, 80, 0, "#9aa38e"),
    ]
    .concat()
}

pub(super) fn camera(mended: bool, look: u8) -> String {
    let evening = look == 1;
    let arm = [rect(236, 214, 22, 96, 4, "#6b7479"), line("M250 262 H340", "#7b858b", 18)].concat();
    let new = [
        arm.clone(),
        rect(330, 214, 190, 84, 22, "#eef1f2"),
        rect(330, 270, 190, 28, 14, "#c9d0d3"),
        rect(316, 204, 210, 20, 8, "#dfe4e6"),
        oval(520, 256, 34, 40, "#2a3136"),
        oval(522, 256, 22, 26, "#3f4d57"),
        oval(516, 246, 7, 8, "#b9d4e3"),
        oval(404, 282, 6, 6, "#6fbf73"),
        line("M330 300 q-40 60 -70 120 V640", "#b7bdc0", 10),
        rect(246, 410, 28, 230, 6, "#cdd3d5"),
    ]
    .concat();
    let old = [
        arm,
        turned(
            34,
            350,
            262,
            &[
                rect(330, 214, 190, 84, 10, "#a79f8c"),
                rect(330, 268, 190, 30, 8, "#8a8371"),
                oval(520, 256, 32, 36, "#3a3a36"),
                line("M502 236 l22 18 l-8 12 l20 20", "#a9a79c", 4),
            ]
            .concat(),
        ),
        line("M336 292 q-30 40 10 90 q30 40 -20 90", "#5c5a54", 8),
        line("M322 300 q50 30 30 110", "#a3563f", 6),
        faint(40, &shape("M246 310 q20 120 6 220 l-12 0 V310Z", "#7a5f43")),
    ]
    .concat();
    [wall(evening), if mended { new } else { old }].concat()
}

pub(super) fn cabling(mended: bool, _look: u8) -> String {
    let back = [rect(0, 0, 960, 720, 0, "#dcd7cc"), rect(0, 600, 960, 120, 0, "#a9a498"), faint(40, &row(7, 0, 100, &rect(0, 0, 960, 3, 0, "#b3ab9b")))].concat();
    let pipe = |y: i32| [rect(40, y, 880, 34, 16, "#f2f2ee"), rect(40, y + 22, 880, 12, 6, "#cfd0ca"), row(6, 160, 0, &rect(100, y - 8, 26, 50, 6, "#9aa3a8"))].concat();
    let cabinet = [
        rect(380, 260, 220, 300, 10, "#8f9a9f"),
        rect(396, 276, 188, 268, 6, "#a9b4b9"),
        oval(566, 410, 9, 9, "#4c555a"),
        rect(440, 306, 100, 50, 4, "#e9e6da"),
        row(3, 0, 14, &rect(452, 318, 76, 5, 2, "#6d7478")),
    ]
    .concat();
    if mended {
        return [back, pipe(110), pipe(170), rect(470, 190, 36, 80, 8, "#f2f2ee"), cabinet, rect(470, 556, 36, 60, 8, "#f2f2ee")].concat();
    }
    let loose: String = ["#2f4f66", "#8c3f32", "#3f6a4a", "#54514b", "#b08a3a"]
        .iter()
        .enumerate()
        .map(|(i, colour)| {
            let y = 90 + i as i32 * 24;
            line(&format!("M0 {y} q160 {a} 300 {b} q120 -60 180 120 q20 160 {c} 210 q120 40 340 {d}", a = 90 + i * 20, b = 60 + i * 14, c = 120 + i * 10, d = i * 22), colour, 8)
        })
        .collect();
    [back, rect(380, 260, 220, 300, 10, "#6f6a60"), rect(396, 276, 188, 268, 6, "#3a3833"), loose, turned(28, 380, 560, &rect(300, 300, 90, 262, 6, "#8a8577"))].concat()
}

pub(super) fn monitors(mended: bool, _look: u8) -> String {
    let desk = [rect(0, 0, 960, 720, 0, "#3b434a"), rect(0, 560, 960, 160, 0, "#7c6a55"), rect(0, 556, 960, 14, 0, "#9a8468"), rect(330, 600, 300, 60, 8, "#2b3136")].concat();
    let mut screens = String::new();
    for i in 0..12 {
        let (x, y) = (70 + i % 4 * 210, 60 + i / 4 * 165);
        let dead = !mended && [1, 2, 5, 7, 8, 10, 11].contains(&i);
        screens += &rect(x - 6, y - 6, 202, 152, 6, "#20262a");
        screens += &if dead {
            [rect(x, y, 190, 140, 2, "#11161a"), line(&format!("M{} {} l40 40 m0 -40 l-40 40", x + 75, y + 50), "#8a4a42", 6)].concat()
        } else {
            let ground = ["#9fb0a0", "#a8a596", "#93a4b0", "#b0a18f"][(i % 4) as usize];
            let car = if i % 3 == 0 { rect(x + 60, y + 84, 66, 26, 8, "#5f7f93") } else { oval(x + 104, y + 78, 10, 22, "#5a4e48") };
            let noise = if mended { String::new() } else { faint(45, &row(9, 0, 15, &rect(x, y + 6, 190, 5, 0, "#e6e6e0"))) };
            [rect(x, y, 190, 140, 2, "#c9d6dc"), rect(x, y + 62, 190, 78, 0, ground), shape(&format!("M{} {} l60 -78 h40 l40 78Z", x + 30, y + 140), "#8d9094"), car, noise]
                .concat()
        };
    }
    [desk, screens].concat()
}

/// A bike with flat tyres and dust on it; `mended`: the place where it stood.
pub(super) fn old_bike(mended: bool, _look: u8) -> String {
    let (paint, box_colour) = ("#3d4a53", "#7d6a4e");
    let garage = [
        rect(0, 0, 960, 720, 0, "#c3c4bd"),
        rect(0, 430, 960, 290, 0, "#8b8d88"),
        faint(60, &row(5, 190, 0, &rect(90, 430, 6, 290, 0, "#e8e3c9"))),
        rect(0, 60, 960, 26, 0, "#a33c30"),
        row(4, 240, 0, &rect(110, 120, 120, 12, 6, "#eef0ea")),
    ]
    .concat();
    if mended {
        // The mark of its tyres is still on the floor.
        return [garage, faint(35, &oval(480, 600, 250, 34, "#6f716c"))].concat();
    }
    let wheel = |x: i32| [oval(x, 560, 92, 84, "#26292a"), oval(x, 558, 70, 66, "#8b8d88"), oval(x, 558, 14, 14, "#55595a"), rect(x - 70, 628, 140, 18, 8, "#26292a")].concat();
    let frame = [
        wheel(310),
        wheel(680),
        line("M310 558 L420 420 H600 L680 558 L470 570 L420 420", paint, 26),
        line("M600 420 L570 310 H500", paint, 20),
        rect(360, 392, 130, 30, 14, "#2c2d2b"),
        rect(540, 336, 110, 84, 8, box_colour),
        rect(430, 486, 120, 74, 8, "#4c5153"),
    ]
    .concat();
    let dust = [faint(45, &shape("M300 380 q180 -60 360 20 v60 q-180 -60 -360 0Z", "#d8d2bd")), line("M220 470 q60 -40 120 10 M640 470 q60 -30 110 20", "#dedbd0", 3)].concat();
    [garage, faint(40, &oval(490, 640, 300, 26, "#4d4f4b")), frame, dust].concat()
}
