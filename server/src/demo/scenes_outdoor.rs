//! Pictures out of doors.

use super::scenes::{cone, fade, faint, glow, line, oval, rect, row, shape, turned};

/// Colours of a time of day.
pub(super) struct Light {
    sky: (&'static str, &'static str),
    far: &'static str,
    grass: &'static str,
    ground: &'static str,
    leaf: (&'static str, &'static str),
    trunk: &'static str,
}

const DAY: Light = Light { sky: ("#cfe0ea", "#e9f0f0"), far: "#d3dbdb", grass: "#b3c49b", ground: "#cfc8bb", leaf: ("#7fa06b", "#93b17d"), trunk: "#7b5c43" };
const EVENING: Light = Light { sky: ("#e7cdbd", "#f6e7d4"), far: "#d9c8bb", grass: "#a9b386", ground: "#cbbfac", leaf: ("#86965a", "#9ba86c"), trunk: "#6d5040" };

pub(super) fn light(look: u8) -> &'static Light {
    if look == 0 { &DAY } else { &EVENING }
}

pub(super) fn tree(l: &Light, x: i32, y: i32, r: i32) -> String {
    [
        faint(14, &oval(x, y, r, r / 6, "#333")),
        rect(x - r / 9, y - r, 2 * r / 9, r, 4, l.trunk),
        oval(x, y - r - r * 2 / 3, r, r, l.leaf.0),
        oval(x - r / 3, y - r * 2, r * 3 / 5, r * 3 / 5, l.leaf.1),
    ]
    .concat()
}

fn house(l: &Light, x: i32, y: i32, w: i32, h: i32) -> String {
    let windows = row(w / 60, 60, 0, &row(h / 70, 0, 70, &rect(x + 18, y + 26, 26, 34, 2, "#fff")));
    [rect(x, y, w, h, 0, l.far), faint(45, &windows)].concat()
}

/// Sky, far houses, grass, and the ground from `horizon` + 120 on.
pub(super) fn garden(l: &Light, horizon: i32) -> String {
    [
        fade("sky", l.sky.0, l.sky.1, 0, 0, 960, 720),
        house(l, 40, horizon - 230, 250, 240),
        house(l, 340, horizon - 290, 200, 300),
        house(l, 700, horizon - 190, 230, 200),
        rect(0, horizon, 960, 720 - horizon, 0, l.grass),
        shape(&format!("M0 {a} Q480 {b} 960 {a} V720 H0Z", a = horizon + 130, b = horizon + 100), l.ground),
    ]
    .concat()
}

/// A road seen from above, with a kerb.
pub(super) fn road(l: &Light) -> String {
    let joints = row(12, 88, 0, &rect(0, 96, 4, 34, 0, "#b3b1ab"));
    [rect(0, 0, 960, 720, 0, "#8f9296"), rect(0, 0, 960, 90, 0, l.grass), rect(0, 90, 960, 46, 0, "#c9c7c1"), joints, rect(0, 136, 960, 10, 0, "#7c7f84"), grain("#858a8f")]
        .concat()
}

fn grain(colour: &str) -> String {
    (0..90).map(|i| oval((i * 197 + 40) % 960, 160 + (i * 131) % 560, 3 + i % 3, 2, colour)).collect()
}

pub(super) fn bench(mended: bool, look: u8) -> String {
    let l = light(look);
    let wood = match (mended, look) {
        (true, 0) => "#b4723f",
        (true, _) => "#9b5c38",
        (false, 0) => "#8a7a68",
        (false, _) => "#7b6a58",
    };
    let (dark, steel) = (if mended { "#8d5730" } else { "#6c5f50" }, "#51565b");
    let legs = [226, 630]
        .map(|x| [rect(x, 270, 22, 330, 4, steel), rect(x, 430, 22, 0, 0, steel), rect(x - 44, 448, 66, 18, 4, steel), rect(x - 44, 448, 18, 152, 4, steel)].concat())
        .concat();
    let screws: String = [237, 641].into_iter().flat_map(|x| [300, 362, 420].map(|y| oval(x, y, 6, 6, "#d9d9d6"))).collect();
    let board = |y: i32| [rect(180, y, 520, 42, 8, wood), rect(180, y + 34, 520, 8, 4, dark)].concat();
    let boards = if mended {
        [board(280), board(342), rect(160, 428, 560, 44, 8, wood), rect(160, 462, 560, 10, 5, dark), screws].concat()
    } else {
        let out = |x: i32, y: i32| [line(&format!("M{x} {y} l34 -20"), "#b9bec2", 9), oval(x + 38, y - 23, 11, 11, "#8f959a")].concat();
        [
            turned(-9, 200, 300, &board(272)),
            turned(4, 680, 370, &board(352)),
            turned(5, 440, 450, &[rect(160, 438, 560, 44, 8, wood), rect(160, 472, 560, 10, 5, dark)].concat()),
            out(660, 268),
            out(250, 372),
            line("M520 440 l26 14 l-14 14 l24 16", "#4c443a", 5),
        ]
        .concat()
    };
    [garden(l, 420), tree(l, 820, 520, 120), faint(20, &oval(440, 612, 330, 22, "#222")), legs, boards].concat()
}

pub(super) fn lamp(mended: bool, look: u8) -> String {
    let (sky, ground) = if look == 0 { (("#1d2833", "#33424f"), "#2b353d") } else { (("#2c2c40", "#54495a"), "#373541") };
    let x = if look == 0 { 470 } else { 560 };
    let lit: String = (0..6).map(|i| rect(90 + i % 3 * 62, 330 + i / 3 * 74, 28, 38, 2, if i % 4 == 0 { "#d8b873" } else { "#3d4a57" })).collect();
    let pole = [
        rect(x - 7, 170, 14, 440, 4, "#77828b"),
        shape(&format!("M{a} 640 l14 -46 h28 l14 46Z", a = x - 28), "#636d76"),
        line(&format!("M{x} 176 q0 -46 60 -46 h44"), "#77828b", 12),
    ]
    .concat();
    let (hx, hy) = (x + 120, 128);
    let head = rect(hx - 58, hy - 14, 108, 26, 12, if mended { "#c9ced1" } else { "#69737c" });
    let beam = if mended {
        [
            faint(34, &shape(&format!("M{a} {hy} L{b} 640 H{c} L{d} {hy}Z", a = hx - 40, b = hx - 260, c = hx + 220, d = hx + 40), "#f3dfa4")),
            glow("halo", hx, hy + 12, 190, "#ffe9ae"),
            oval(hx, hy + 14, 42, 10, "#fff6d8"),
            faint(55, &oval(hx - 20, 636, 240, 30, "#f0d894")),
        ]
        .concat()
    } else {
        [oval(hx, hy + 14, 42, 9, "#3b444c"), line(&format!("M{a} {y} l12 10 l-8 8 l14 8", a = hx - 12, y = hy + 4), "#8b949b", 3)].concat()
    };
    let bushes: String = (0..7).map(|i| oval(40 + i * 150, 600, 92, 46, if mended { "#33463a" } else { "#242f31" })).collect();
    [
        fade("night", sky.0, sky.1, 0, 0, 960, 720),
        rect(60, 290, 220, 330, 0, "#2b3742"),
        rect(720, 350, 200, 270, 0, "#2e3a45"),
        lit,
        bushes,
        rect(0, 610, 960, 110, 0, ground),
        beam,
        pole,
        head,
    ]
    .concat()
}

pub(super) fn pothole(mended: bool, look: u8) -> String {
    let l = light(look);
    let hole = if mended {
        [
            shape("M300 330 H660 V560 H300Z", "#6a6e73"),
            faint(40, &row(9, 40, 0, &oval(320, 360, 5, 4, "#84888c"))),
            faint(40, &row(9, 40, 0, &oval(312, 470, 5, 4, "#595d61"))),
            line("M300 330 H660 V560 H300Z", "#7c8085", 8),
        ]
        .concat()
    } else {
        [
            shape("M270 440 l40 -78 l92 -34 l118 14 l110 -8 l62 70 l-22 92 l-96 62 l-150 12 l-116 -40Z", "#76797d"),
            shape("M312 446 l34 -56 l84 -26 l98 12 l84 4 l40 54 l-26 66 l-84 42 l-118 6 l-88 -38Z", "#54575b"),
            if look == 0 { String::new() } else { faint(75, &oval(480, 458, 130, 52, "#a9bccb")) },
            oval(250, 540, 16, 10, "#6d7074"),
            oval(704, 380, 12, 8, "#6d7074"),
            oval(670, 560, 20, 12, "#777a7e"),
            line("M640 400 l60 -50 l40 8", "#6c6f73", 5),
            line("M330 520 l-70 44 l-10 30", "#6c6f73", 5),
        ]
        .concat()
    };
    let leaves: String = (0..5).map(|i| oval(120 + i * 190, 196 + i % 2 * 18, 12, 6, if look == 0 { "#a6ad7d" } else { "#c49a5a" })).collect();
    [road(l), leaves, hole, if mended { String::new() } else { cone(800, 560) }].concat()
}

pub(super) fn paving(mended: bool, _look: u8) -> String {
    let tile = |i: i32| {
        let (x, y) = (i % 6 * 160, i / 6 * 120);
        let colour = ["#cdb9a2", "#c6b199", "#d3c1ab"][(i * 7 % 3) as usize];
        (x, y, colour)
    };
    let mut out = rect(0, 0, 960, 720, 0, "#a99b88");
    let mut askew = String::new();
    for i in 0..36 {
        let (x, y, colour) = tile(i);
        let loose = !mended && [14, 15, 20, 21, 27].contains(&i);
        if loose {
            out += &rect(x + 4, y + 4, 152, 112, 2, "#7d705f");
            out += &faint(30, &rect(x + 20, y + 24, 140, 104, 4, "#222"));
            askew += &turned([-9, 7, 6, -12, 9][(i % 5) as usize], x + 80, y + 60, &rect(x + 6, y - 8, 148, 108, 4, colour));
        } else {
            out += &rect(x + 4, y + 4, 152, 112, 4, if mended && [14, 15, 20, 21, 27].contains(&i) { "#d9c9b5" } else { colour });
        }
    }
    out += &askew;
    if !mended {
        out += &shape("M330 360 l40 -10 l22 30 l-34 22Z", "#b8a58e");
        out += &line("M486 260 l40 60 l-20 40", "#8b7c69", 5);
    }
    out
}

pub(super) fn manhole(mended: bool, look: u8) -> String {
    let ring = [oval(470, 440, 236, 152, "#777b80"), oval(470, 436, 214, 136, "#62666b")].concat();
    let cover = |x: i32, y: i32| {
        let bars: String = (-4..=4).map(|i: i32| rect(x + i * 38 - 9, y - 92 + i.abs() * 12, 18, 184 - i.abs() * 24, 8, "#5b5f63")).collect();
        [oval(x, y, 200, 124, "#4b4f53"), oval(x, y - 6, 194, 118, "#6d7175"), bars].concat()
    };
    let body = if mended {
        [ring, cover(470, 436)].concat()
    } else {
        [
            ring,
            oval(470, 444, 190, 114, "#23272b"),
            shape("M282 430 Q470 330 658 430 Q640 380 470 372 Q300 380 282 430Z", "#3b4045"),
            turned(-14, 760, 330, &cover(770, 316)),
            cone(190, 600),
            cone(742, 640),
        ]
        .concat()
    };
    [road(light(look)), body].concat()
}

pub(super) fn branch(mended: bool, look: u8) -> String {
    let l = light(look);
    let crown = [oval(400, 190, 210, 160, l.leaf.0), oval(270, 240, 140, 110, l.leaf.1), oval(540, 240, 150, 110, l.leaf.1), oval(420, 120, 140, 90, l.leaf.1)].concat();
    let trunk = [shape("M372 640 Q388 460 380 300 H450 Q444 460 470 640Z", l.trunk), line("M440 380 Q520 330 570 280", l.trunk, 26)].concat();
    let twigs = if mended {
        [oval(452, 392, 24, 22, "#c9a676"), oval(452, 392, 13, 12, "#a98355")].concat()
    } else {
        [
            line("M446 400 L640 520", l.trunk, 30),
            line("M640 520 L760 566", l.trunk, 18),
            line("M600 494 L690 470", l.trunk, 12),
            line("M446 392 l26 -6 l-10 22 l24 -2", "#d9b98a", 8),
            oval(772, 560, 74, 44, l.leaf.0),
            oval(706, 462, 60, 36, l.leaf.1),
            oval(690, 600, 66, 34, l.leaf.0),
            oval(860, 640, 26, 10, l.leaf.1),
            oval(560, 650, 22, 9, l.leaf.0),
        ]
        .concat()
    };
    let ground = garden(l, 470);
    [ground, faint(15, &oval(430, 640, 260, 24, "#222")), trunk, crown, twigs].concat()
}

pub(super) fn lawn(mended: bool, look: u8) -> String {
    let l = light(look);
    let tuft = |x: i32, y: i32, c: &str| line(&format!("M{x} {y} q-10 -22 -16 -34 M{x} {y} q0 -26 2 -42 M{x} {y} q10 -22 20 -32"), c, 6);
    let cover: String = if mended {
        (0..70).map(|i| tuft(30 + (i * 137) % 920, 350 + (i * 61) % 350, if i % 3 == 0 { "#7f9d5c" } else { "#93b06e" })).collect()
    } else {
        let bare = [
            shape("M150 430 q160 -90 330 -50 q210 -20 290 90 q70 110 -80 160 q-220 60 -400 10 q-240 -60 -140 -210Z", "#b89a78"),
            shape("M250 470 q140 -60 260 -30 q140 0 190 60 q20 70 -90 90 q-170 30 -290 0 q-130 -50 -70 -120Z", "#a88967"),
        ]
        .concat();
        let dry: String = (0..22).map(|i| tuft(40 + (i * 211) % 880, 360 + (i * 97) % 340, if i % 2 == 0 { "#b9ad74" } else { "#98a86c" })).collect();
        [bare, dry, oval(420, 520, 20, 10, "#957857"), oval(560, 490, 14, 8, "#957857")].concat()
    };
    let rope = if mended {
        [row(5, 210, 0, &rect(56, 300, 10, 90, 3, "#a5835a")), line("M61 320 q105 30 210 0 q105 30 210 0 q105 30 210 0 q105 30 210 0", "#d9c9a5", 5)].concat()
    } else {
        String::new()
    };
    [
        fade("sky", l.sky.0, l.sky.1, 0, 0, 960, 720),
        house(l, 90, 60, 300, 260),
        house(l, 560, 20, 260, 300),
        rect(0, 300, 960, 420, 0, if mended { "#a5bf80" } else { "#b3ba8c" }),
        tree(l, 860, 340, 70),
        cover,
        rope,
    ]
    .concat()
}

pub(super) fn rubbish(mended: bool, look: u8) -> String {
    let wall = if look == 0 { "#e2ddd0" } else { "#d8d3da" };
    let bin = |x: i32, c: &str, d: &str| {
        [
            faint(18, &oval(x + 70, 600, 92, 14, "#222")),
            shape(&format!("M{x} 350 h140 l-14 244 h-112Z"), c),
            rect(x - 10, 322, 160, 34, 10, d),
            oval(x + 32, 596, 13, 13, "#444"),
            oval(x + 108, 596, 13, 13, "#444"),
            faint(30, &rect(x + 46, 420, 48, 60, 8, "#fff")),
        ]
        .concat()
    };
    let bag = |x: i32, y: i32, s: i32, c: &str| {
        [oval(x, y, s, s * 4 / 5, c), shape(&format!("M{a} {b} l{s1} -{s2} l{s1} {s2}Z", a = x - s / 4, b = y - s * 3 / 5, s1 = s / 4, s2 = s / 3), c)].concat()
    };
    let mess = if mended {
        faint(30, &[oval(300, 650, 190, 12, "#fff"), oval(690, 668, 150, 10, "#fff")].concat())
    } else {
        [
            bag(330, 590, 74, "#3f4449"),
            bag(700, 604, 86, "#54595e"),
            bag(600, 632, 56, "#d8d5cf"),
            bag(236, 634, 50, "#c9b9a2"),
            rect(420, 560, 130, 96, 4, "#c39a68"),
            rect(420, 560, 130, 20, 4, "#ad8554"),
            bag(480, 316, 46, "#54595e"),
            bag(250, 318, 40, "#d8d5cf"),
            oval(560, 682, 24, 9, "#d6b65e"),
            oval(180, 676, 26, 8, "#a3b27b"),
            line("M640 300 q14 -22 4 -44 M672 300 q16 -24 4 -52", "#b0ad9f", 5),
        ]
        .concat()
    };
    let bricks = faint(40, &row(6, 0, 64, &[rect(0, 100, 960, 3, 0, "#b9b3a5"), row(9, 120, 0, &rect(30, 100, 3, 62, 0, "#b9b3a5"))].concat()));
    let roof = rect(60, 60, 840, 40, 6, if look == 0 { "#8d9aa0" } else { "#8f7f86" });
    [
        rect(0, 0, 960, 720, 0, wall),
        bricks,
        roof,
        rect(0, 540, 960, 180, 0, "#b9b5ac"),
        rect(0, 540, 960, 8, 0, "#a19d94"),
        bin(170, "#6f8f9f", "#5d7b8a"),
        bin(400, "#7d9a6a", "#69855a"),
        bin(640, "#8c8a86", "#75736f"),
        mess,
    ]
    .concat()
}

pub(super) fn wall_tile(mended: bool, _look: u8) -> String {
    let mut out = rect(0, 0, 960, 720, 0, "#b9a48e");
    for i in 0..120 {
        let (x, y) = (i % 12 * 80, i / 12 * 56);
        let gone = [52, 53, 54, 64, 65, 66, 67, 77, 78, 42].contains(&i);
        if !gone || mended {
            out += &rect(x + 2, y + 2, 76, 52, 2, if gone { "#dcc4aa" } else { ["#d3b99d", "#cdb194", "#d6bea4"][(i * 5 % 3) as usize] });
        } else {
            out += &rect(x, y, 80, 56, 0, "#9a948c");
        }
    }
    let window = |x: i32| {
        [rect(x, 60, 170, 150, 4, "#eef1f1"), rect(x + 12, 72, 68, 126, 2, "#9fb6c2"), rect(x + 90, 72, 68, 126, 2, "#a9bec9"), rect(x - 10, 206, 190, 16, 3, "#d9d6cf")].concat()
    };
    out += &window(90);
    out += &window(690);
    out += &rect(0, 560, 960, 160, 0, "#c3bdb2");
    if !mended {
        out += &turned(12, 660, 330, &rect(640, 300, 76, 52, 2, "#cdb194"));
        out += &[(330, 620, 20), (450, 650, -14), (520, 610, 40), (250, 664, 8), (620, 660, -30)].map(|(x, y, a)| turned(a, x, y, &rect(x, y, 60, 34, 2, "#c3a88b"))).concat();
        out += &line("M0 540 H960", "#d05a3c", 12);
        out += &faint(80, &line("M30 540 H930", "#f4e9d8", 5));
        out += &row(4, 290, 0, &rect(36, 500, 14, 120, 3, "#8f8f8f"));
    }
    out
}

pub(super) fn barrier(mended: bool, look: u8) -> String {
    let l = light(look);
    let post = [
        faint(20, &oval(220, 604, 100, 16, "#222")),
        rect(160, 330, 120, 270, 12, "#e0a33c"),
        rect(160, 330, 120, 46, 12, "#c98c2c"),
        rect(186, 420, 68, 96, 6, "#f2e6cd"),
        oval(220, 356, 14, 14, if mended { "#7fb06b" } else { "#c94f3d" }),
    ]
    .concat();
    let stripes = row(6, 96, 0, &rect(310, 384, 48, 26, 0, "#c94f3d"));
    let arm = if mended {
        [rect(262, 384, 640, 26, 10, "#f3efe7"), stripes, rect(880, 400, 16, 200, 4, "#8d9296")].concat()
    } else {
        let first = [rect(262, 384, 300, 26, 8, "#f3efe7"), row(3, 96, 0, &rect(310, 384, 48, 26, 0, "#c94f3d"))].concat();
        let second = [rect(550, 384, 340, 26, 8, "#f3efe7"), row(3, 96, 0, &rect(600, 384, 48, 26, 0, "#c94f3d"))].concat();
        [turned(-12, 262, 397, &first), turned(28, 560, 330, &format!(r#"<g transform="translate(0 -66)">{second}</g>"#))].concat()
    };
    [
        garden(l, 380),
        rect(0, 500, 960, 220, 0, "#9a9da1"),
        faint(60, &row(6, 180, 0, &rect(20, 640, 110, 12, 0, "#f2f0ea"))),
        tree(l, 880, 470, 80),
        tree(l, 60, 480, 70),
        post,
        arm,
    ]
    .concat()
}
