//! Pictures inside: stairs, lifts, garages, a kitchen.

use super::scenes::{fade, faint, glow, line, oval, rect, row, shape, turned};

/// A stairwell seen from the landing: wall, wainscot, steps going up to the right.
fn stair(wall: &str, low: &str) -> String {
    let steps: String = (0..7)
        .map(|i| [rect(400 + i * 84, 600 - i * 58, 700, 66, 0, if i % 2 == 0 { "#b9b4aa" } else { "#b0aba1" }), rect(400 + i * 84, 600 - i * 58, 700, 10, 0, "#cdc8be")].concat())
        .collect();
    [rect(0, 0, 960, 720, 0, wall), rect(0, 430, 960, 290, 0, low), rect(0, 424, 960, 8, 0, "#f4f1ea"), rect(0, 650, 960, 70, 0, "#a8a399"), steps].concat()
}

fn corridor(wall: &str, low: &str) -> String {
    [
        rect(0, 0, 960, 720, 0, wall),
        shape("M0 0 H960 L680 150 H280Z", "#f1eee7"),
        shape("M0 720 H960 L680 470 H280Z", "#b4aea3"),
        rect(280, 150, 400, 320, 0, "#e2ddd2"),
        shape("M0 460 L280 350 V470 L0 720Z", low),
        shape("M960 460 L680 350 V470 L960 720Z", low),
        rect(280, 350, 400, 120, 0, low),
        rect(400, 220, 160, 250, 4, "#9b7f66"),
        rect(414, 236, 132, 234, 2, "#ad9077"),
        oval(530, 360, 7, 7, "#e5dcc8"),
        faint(50, &row(4, 0, 62, &rect(280, 484, 400, 3, 0, "#9c968b"))),
    ]
    .concat()
}

pub(super) fn stair_light(mended: bool, look: u8) -> String {
    let (wall, low) = match (mended, look) {
        (true, 0) => ("#efe6d2", "#a9c0b3"),
        (true, _) => ("#ece4d8", "#b3bfcc"),
        (false, 0) => ("#3c4248", "#30383a"),
        (false, _) => ("#43414c", "#363742"),
    };
    let shade = if mended { glow("lamp", 300, 130, 330, "#ffedb5") } else { String::new() };
    let bulb = [rect(270, 60, 60, 20, 4, "#c9c5bb"), oval(300, 124, 54, 50, if mended { "#fff4cf" } else { "#6b7075" }), rect(262, 76, 76, 18, 6, "#d9d5cb")].concat();
    let dark = if mended { String::new() } else { faint(62, &rect(0, 432, 960, 288, 0, "#1d2226")) };
    let rail =
        [line("M470 520 L960 180", if mended { "#8b5e3c" } else { "#4d3a2c" }, 20), row(5, 96, -66, &rect(500, 500, 10, 120, 3, if mended { "#8f9498" } else { "#4b5155" }))]
            .concat();
    let crack = if mended { String::new() } else { line("M286 112 l16 14 l-10 12 l18 14", "#9aa0a5", 4) };
    [stair(wall, low), rail, dark, shade, bulb, crack].concat()
}

pub(super) fn intercom(mended: bool, look: u8) -> String {
    let wall = if look == 0 { "#d9cdb9" } else { "#c3c9c6" };
    let body = [faint(20, &rect(312, 92, 360, 570, 26, "#222")), rect(300, 76, 360, 570, 26, "#5d656b"), rect(318, 94, 324, 534, 18, "#737b81")].concat();
    let screen = if mended {
        [rect(350, 124, 260, 170, 8, "#2d4a55"), faint(60, &shape("M360 284 L470 134 H530 L420 284Z", "#6f9aa8")), oval(480, 214, 34, 34, "#9cc4cf")].concat()
    } else {
        [rect(350, 124, 260, 170, 8, "#23292d"), line("M380 130 L450 210 L430 290 M450 210 L540 180 L606 230 M540 180 L520 128", "#7f888d", 4)].concat()
    };
    let mut keys = String::new();
    for i in 0..12 {
        let (x, y) = (388 + i % 3 * 92, 346 + i / 3 * 58);
        let stuck = !mended && (i == 4 || i == 8);
        keys += &rect(x - 32, y - 20, 64, 42, 10, if stuck { "#3f464b" } else { "#c9ced1" });
        keys += &oval(x, y, 7, 7, if stuck { "#2c3236" } else { "#8b9398" });
    }
    let lamp = [oval(352, 590, 12, 12, if mended { "#77bd6c" } else { "#cf5240" }), rect(390, 574, 220, 32, 16, "#51595f")].concat();
    let more = if mended {
        rect(286, 52, 388, 30, 10, "#8e979c")
    } else {
        [line("M640 500 q60 30 40 90 q-10 40 30 60", "#c0603f", 7), line("M632 520 q40 50 20 100", "#d6b04c", 6)].concat()
    };
    let joints = faint(40, &row(6, 0, 120, &[rect(0, 110, 960, 4, 0, "#a99d89"), row(5, 200, 0, &rect(80, 0, 4, 112, 0, "#a99d89"))].concat()));
    [rect(0, 0, 960, 720, 0, wall), joints, body, screen, keys, lamp, more].concat()
}

pub(super) fn ceiling_stain(mended: bool, look: u8) -> String {
    let (wall, low) = if look == 0 { ("#e9e3d6", "#b4c4b4") } else { ("#e3e1e4", "#c9bba9") };
    let stain = if mended {
        faint(50, &shape("M330 30 H690 V128 H330Z", "#ffffff"))
    } else {
        [
            shape("M300 0 H760 q30 60 -40 100 q-60 70 -150 50 q-80 50 -160 0 q-120 -10 -110 -150Z", "#cbb58e"),
            shape("M360 0 H700 q20 50 -40 80 q-60 40 -120 24 q-60 30 -110 -10 q-80 -20 -70 -94Z", "#b39a70"),
            shape("M430 0 H640 q0 50 -60 60 q-60 20 -90 -10 q-50 -10 -60 -50Z", "#9c8560"),
            shape("M640 640 l44 -18 l30 20 l-20 24 l-48 -2Z", "#e3dac6"),
            shape("M720 676 l34 -10 l14 18Z", "#d6ccb6"),
            oval(496, 250, 9, 16, "#8fb2c4"),
            oval(496, 370, 9, 16, "#8fb2c4"),
            oval(496, 500, 9, 16, "#8fb2c4"),
            faint(70, &oval(490, 660, 190, 30, "#90aab6")),
        ]
        .concat()
    };
    let bucket =
        if mended { String::new() } else { [shape("M420 570 h150 l-20 110 h-110Z", "#c25b45"), oval(495, 570, 75, 16, "#8f4433"), oval(495, 572, 60, 10, "#9fc0cd")].concat() };
    [corridor(wall, low), stain, bucket].concat()
}

pub(super) fn garage_leak(mended: bool, _look: u8) -> String {
    let pillar = |x: i32| [rect(x, 120, 90, 520, 0, "#c6c4be"), row(3, 0, 40, &rect(x, 470, 90, 20, 0, "#d7b14b"))].concat();
    let car = [
        faint(25, &oval(650, 636, 210, 22, "#111")),
        shape("M450 600 q0 -70 60 -76 l50 -70 q10 -14 34 -14 h130 q26 0 40 16 l56 70 q40 8 40 74Z", "#5f7f93"),
        shape("M574 520 l36 -50 h50 v50Z M676 470 h50 l42 50 h-92Z", "#c3d5dc"),
        oval(540, 604, 42, 42, "#33383c"),
        oval(770, 604, 42, 42, "#33383c"),
        oval(540, 604, 18, 18, "#b9bdc0"),
        oval(770, 604, 18, 18, "#b9bdc0"),
    ]
    .concat();
    let wet = if mended {
        [faint(60, &shape("M240 0 H420 L380 118 H250Z", "#dad7cf")), glow("tube", 520, 80, 240, "#fff3cc")].concat()
    } else {
        [
            line("M240 120 L470 0", "#6f6a60", 10),
            shape("M240 0 H560 q20 70 -60 100 q-120 40 -220 0 q-60 -40 -40 -100Z", "#8b867a"),
            row(4, 62, 14, &oval(280, 170, 8, 15, "#a6c4d2")),
            row(3, 70, -20, &oval(300, 320, 8, 15, "#a6c4d2")),
            row(3, 60, 24, &oval(290, 470, 8, 15, "#a6c4d2")),
            oval(330, 660, 250, 44, "#8ba3ae"),
            faint(50, &oval(300, 652, 130, 16, "#d5e3e8")),
        ]
        .concat()
    };
    [
        fade("hall", "#9b9a96", "#b7b5ae", 0, 0, 960, 720),
        rect(0, 0, 960, 120, 0, "#a7a5a0"),
        row(3, 340, 0, &rect(80, 66, 190, 18, 8, if mended { "#fff6d9" } else { "#dcd8ca" })),
        rect(0, 600, 960, 120, 0, "#8e8f8e"),
        row(4, 250, 0, &shape("M80 600 l-60 120 h14 l56 -120Z", "#d9d6cc")),
        pillar(60),
        pillar(860),
        car,
        wet,
    ]
    .concat()
}

pub(super) fn stair_clutter(mended: bool, look: u8) -> String {
    let (wall, low) = if look == 0 { ("#ece5d6", "#aebfae") } else { ("#e6e2e0", "#bcae9f") };
    let things = if mended {
        [faint(35, &[oval(480, 640, 230, 18, "#fff"), oval(480, 560, 120, 9, "#fff")].concat()), rect(90, 250, 76, 100, 6, "#c2492f"), rect(100, 262, 56, 40, 3, "#f3e7d2")]
            .concat()
    } else {
        let carton = |x: i32, y: i32, w: i32, h: i32| [rect(x, y, w, h, 4, "#c09a6b"), rect(x, y, w, h / 5, 4, "#ab8556"), rect(x + w / 2 - 9, y, 18, h, 0, "#d8bd93")].concat();
        let chair = [
            rect(600, 380, 24, 250, 4, "#7d5a42"),
            rect(600, 500, 150, 24, 6, "#8d674d"),
            rect(724, 510, 22, 130, 4, "#7d5a42"),
            rect(600, 380, 22, 90, 4, "#7d5a42"),
            turned(-8, 660, 420, &rect(610, 390, 110, 80, 6, "#9a7257")),
        ]
        .concat();
        let wheel = |x: i32| [oval(x, 630, 56, 56, "#3e4347"), oval(x, 630, 40, 40, "#b4aea3"), oval(x, 630, 10, 10, "#3e4347")].concat();
        let bike = [
            wheel(150),
            wheel(330),
            line("M150 630 L220 540 H300 L330 630 M220 540 L240 630 L300 540", "#4f7f6e", 12),
            line("M300 540 L290 490 h46", "#3e4347", 10),
            rect(196, 520, 60, 18, 8, "#3e4347"),
        ]
        .concat();
        if look == 0 {
            [carton(400, 470, 190, 160), carton(430, 350, 140, 124), chair, carton(120, 540, 160, 120)].concat()
        } else {
            [bike, carton(480, 500, 170, 140), carton(520, 400, 120, 104), rect(690, 420, 60, 230, 8, "#6f7d88")].concat()
        }
    };
    [corridor(wall, low), things].concat()
}

pub(super) fn lift_panel(mended: bool, _look: u8) -> String {
    let steel = [fade("steel", "#c9cdd0", "#aab0b4", 0, 0, 960, 720), faint(30, &row(16, 62, 0, &rect(0, 0, 2, 720, 0, "#fff")))].concat();
    let plate = [faint(25, &rect(342, 62, 300, 610, 16, "#222")), rect(330, 50, 300, 610, 16, "#d9dcde"), rect(346, 66, 268, 578, 10, "#c3c8cb")].concat();
    let show = if mended {
        [rect(380, 90, 200, 90, 8, "#22282c"), line("M440 150 l24 -30 l24 30", "#e8a24a", 10), rect(520, 112, 12, 46, 3, "#e8a24a")].concat()
    } else {
        [rect(380, 90, 200, 90, 8, "#2b3135"), line("M400 170 L470 110 L560 160", "#596167", 4)].concat()
    };
    let mut keys = String::new();
    for i in 0..14 {
        let (x, y) = (420 + i % 2 * 120, 226 + i / 2 * 60);
        if !mended && i == 5 {
            keys += &[oval(x, y, 25, 25, "#33393d"), line(&format!("M{x} {y} q20 20 14 44"), "#c2583f", 5), line(&format!("M{} {y} q-12 20 0 40", x - 6), "#d3a63d", 5)].concat();
        } else {
            let lit = mended && (i == 5 || i == 12);
            keys += &[oval(x, y, 26, 26, if lit { "#f0b95a" } else { "#9aa1a6" }), oval(x, y, 20, 20, if lit { "#fff0cb" } else { "#eceeef" })].concat();
        }
    }
    [steel, plate, show, keys].concat()
}

pub(super) fn lift_door(mended: bool, _look: u8) -> String {
    let wall = [rect(0, 0, 960, 720, 0, "#e0d9cb"), faint(35, &row(5, 200, 0, &rect(80, 0, 4, 640, 0, "#b5ab98"))), rect(0, 640, 960, 80, 0, "#b3aca0")].concat();
    let frame = [rect(250, 110, 460, 540, 4, "#8e959a"), rect(280, 140, 400, 510, 0, "#30373c")].concat();
    let inside = [rect(300, 140, 360, 510, 0, "#d9c9a4"), rect(300, 600, 360, 50, 0, "#9b8a70"), line("M310 470 H650", "#a8a397", 12)].concat();
    let leaf = |x: i32, w: i32| [rect(x, 140, w, 510, 0, "#b9c0c4"), faint(40, &rect(x + w / 3, 140, w / 8 + 2, 510, 0, "#fff"))].concat();
    let doors = if mended {
        [leaf(280, 198), leaf(482, 198), rect(478, 140, 4, 510, 0, "#6d7479")].concat()
    } else {
        [inside, leaf(280, 128), turned(2, 600, 400, &leaf(560, 130)), rect(280, 636, 400, 14, 0, "#5c6368"), line("M404 300 l14 10 l-12 12 l16 10", "#6d7479", 4)].concat()
    };
    let sign = [
        rect(420, 48, 120, 48, 8, "#2b3135"),
        shape("M470 84 l12 -22 l12 22Z", if mended { "#8fce7f" } else { "#5a6166" }),
        oval(516, 74, 8, 8, if mended { "#8fce7f" } else { "#d85640" }),
    ]
    .concat();
    let call = [rect(760, 330, 56, 120, 10, "#9aa1a6"), oval(788, 366, 16, 16, "#f0f1f1"), oval(788, 414, 16, 16, if mended { "#f0f1f1" } else { "#e08a4a" })].concat();
    let stop = if mended {
        String::new()
    } else {
        [
            rect(180, 500, 14, 160, 4, "#777"),
            rect(766, 500, 14, 160, 4, "#777"),
            line("M187 520 H773", "#cf5a3d", 14),
            faint(70, &line("M230 520 H300 M370 520 H440 M510 520 H580 M650 520 H720", "#fbf3e6", 10)),
        ]
        .concat()
    };
    [wall, frame, doors, sign, call, stop].concat()
}

pub(super) fn sprinkler(mended: bool, _look: u8) -> String {
    let ceiling = [
        fade("room", "#d6d5d0", "#e8e6df", 0, 0, 960, 720),
        rect(0, 0, 960, 120, 0, "#c4c2bc"),
        rect(0, 90, 960, 64, 32, "#b6402f"),
        faint(30, &rect(0, 98, 960, 14, 7, "#fff")),
        rect(420, 76, 120, 92, 8, "#94301f"),
    ]
    .concat();
    let head = [
        rect(452, 160, 56, 70, 6, "#c9a24a"),
        shape("M440 230 h80 l-16 40 h-48Z", "#b28c38"),
        line("M452 270 L430 350 H530 L508 270", "#c9a24a", 12),
        rect(474, 270, 12, 76, 4, if mended { "#c94f3d" } else { "#8a8a86" }),
        rect(400, 350, 160, 18, 8, "#b28c38"),
        row(6, 27, 0, &rect(404, 366, 12, 16, 3, "#b28c38")),
    ]
    .concat();
    let head = if mended { head } else { turned(13, 480, 170, &head) };
    let drips = if mended {
        String::new()
    } else {
        [
            row(4, -14, 74, &oval(450, 420, 11, 19, "#8fb6cb")),
            row(3, 16, 90, &oval(500, 440, 9, 16, "#8fb6cb")),
            line("M470 168 q-10 30 -2 60", "#8fb6cb", 8),
            oval(440, 690, 200, 22, "#a9c3cf"),
        ]
        .concat()
    };
    let racks = faint(
        45,
        &row(
            4,
            230,
            0,
            &[
                rect(70, 520, 150, 14, 6, "#7a8288"),
                oval(100, 600, 56, 56, "#8f979c"),
                oval(100, 600, 42, 42, "#e0ded7"),
                oval(190, 600, 56, 56, "#8f979c"),
                oval(190, 600, 42, 42, "#e0ded7"),
            ]
            .concat(),
        ),
    );
    [ceiling, rect(0, 660, 960, 60, 0, "#b9b6ad"), racks, head, drips].concat()
}

pub(super) fn burst_pipe(mended: bool, _look: u8) -> String {
    let wall = [rect(0, 0, 960, 720, 0, "#dcd6c9"), rect(0, 640, 960, 80, 0, "#a9a499"), faint(30, &row(7, 0, 90, &rect(0, 60, 960, 3, 0, "#aaa18f")))].concat();
    let pipe = |x: i32, w: i32, c: &str, d: &str| [rect(x, 0, w, 720, 0, c), rect(x + w * 2 / 3, 0, w / 5, 720, 0, d)].concat();
    let pipes = [
        pipe(230, 64, "#9aa5ab", "#818d94"),
        pipe(430, 90, "#7fa0b2", "#688a9d"),
        pipe(660, 56, "#b3aca0", "#99927f"),
        rect(214, 180, 96, 40, 6, "#727c82"),
        rect(412, 120, 126, 44, 6, "#58798b"),
        rect(412, 560, 126, 44, 6, "#58798b"),
        rect(644, 440, 88, 36, 6, "#827b6d"),
    ]
    .concat();
    let valve = [line("M475 142 h130", "#58798b", 14), oval(620, 142, 44, 44, "#c2492f"), oval(620, 142, 22, 22, "#dcd6c9")].concat();
    let middle = if mended {
        [rect(418, 320, 114, 130, 10, "#c3c9cc"), row(3, 0, 40, &rect(410, 334, 130, 14, 4, "#8f979c")), row(3, 0, 40, &oval(546, 341, 9, 9, "#6d757a"))].concat()
    } else {
        [
            shape("M470 350 l26 16 l-14 22 l24 20 l-34 18 l-16 -38Z", "#2f4a57"),
            shape("M500 380 Q700 250 900 330 Q760 330 700 400 Q820 400 930 520 Q780 460 660 450 Q600 440 500 410Z", "#a9cbdb"),
            faint(60, &shape("M500 386 Q680 300 820 340 Q700 350 660 400 Q760 420 840 470 Q700 430 500 404Z", "#e6f2f6")),
            row(5, 70, 50, &oval(620, 280, 9, 13, "#a9cbdb")),
            row(4, 80, -26, &oval(640, 560, 8, 14, "#a9cbdb")),
            oval(620, 678, 320, 34, "#93b5c4"),
            faint(60, &oval(560, 670, 160, 12, "#d7e8ee")),
        ]
        .concat()
    };
    [wall, pipes, valve, middle].concat()
}

pub(super) fn charger(mended: bool, _look: u8) -> String {
    let back = [rect(0, 0, 960, 720, 0, "#dfe2dd"), rect(0, 620, 960, 100, 0, "#b1b3ac"), faint(40, &row(6, 180, 0, &rect(40, 0, 4, 620, 0, "#b9beb6")))].concat();
    let case = [
        faint(22, &rect(176, 92, 620, 540, 14, "#222")),
        rect(160, 80, 620, 540, 14, "#4f7f6e"),
        rect(160, 80, 620, 70, 14, "#3d6658"),
        rect(190, 98, 150, 34, 6, "#22302b"),
        rect(360, 106, 90, 18, 9, "#7fb39f"),
    ]
    .concat();
    let mut boxes = String::new();
    for i in 0..12 {
        let (x, y) = (186 + i % 4 * 146, 172 + i / 4 * 146);
        let bad = !mended && [2, 5, 6, 9].contains(&i);
        let open = !mended && i == 6;
        boxes += &rect(x, y, 130, 130, 6, if open { "#28352f" } else { "#dfe6e2" });
        if open {
            boxes += &[shape(&format!("M{x} {y} l-52 26 v126 l52 -22Z"), "#c3ccc7"), rect(x + 30, y + 60, 70, 50, 6, "#59666b")].concat();
        } else {
            boxes += &[
                rect(x + 20, y + 28, 90, 56, 6, "#b3c2ba"),
                rect(x + 48, y + 44, 10, 24, 3, "#4e5c56"),
                rect(x + 72, y + 44, 10, 24, 3, "#4e5c56"),
                oval(x + 65, y + 108, 9, 9, if bad { "#d4543e" } else { "#6fbb63" }),
            ]
            .concat();
        }
    }
    let cable = if mended { String::new() } else { line("M420 600 q-40 60 40 70 q60 6 90 -30", "#3e4448", 9) };
    [back, case, boxes, cable].concat()
}

pub(super) fn handrail(mended: bool, _look: u8) -> String {
    let rail = |d: &str, c: &str, w: i32| line(d, c, w);
    let posts = |bent: bool| -> String {
        (0..6)
            .map(|i| {
                let (x, y) = (440 + i * 96, 560 - i * 66);
                if bent && i == 2 { turned(18, x, y + 60, &rect(x, y - 130, 14, 170, 4, "#7c8388")) } else { rect(x, y - 150, 14, 190, 4, "#8d9499") }
            })
            .collect()
    };
    let body = if mended {
        [posts(false), rail("M420 440 L960 68", "#8f5f3d", 30), rail("M424 430 L956 62", "#b07d55", 8)].concat()
    } else {
        [
            posts(true),
            rail("M420 440 L590 322", "#7d5a42", 30),
            turned(16, 640, 300, &rail("M636 318 L960 96", "#7d5a42", 30)),
            rail("M596 318 l14 -16 M600 330 l20 -6", "#b9bec2", 7),
            oval(660, 520, 12, 8, "#a9aeb2"),
            oval(590, 600, 12, 8, "#a9aeb2"),
        ]
        .concat()
    };
    [stair("#ebe4d5", "#b7c3c0"), body].concat()
}

pub(super) fn wiring(mended: bool, _look: u8) -> String {
    let wall = [rect(0, 0, 960, 720, 0, "#d8d3c8"), rect(300, 0, 26, 110, 0, "#aeb4b7"), rect(600, 0, 26, 110, 0, "#aeb4b7"), rect(460, 620, 26, 100, 0, "#aeb4b7")].concat();
    let case = [faint(22, &rect(236, 116, 500, 520, 8, "#222")), rect(220, 100, 500, 520, 8, "#8f979c")].concat();
    let inside = if mended {
        [
            rect(240, 120, 460, 480, 4, "#c6cbce"),
            rect(270, 150, 400, 180, 6, "#dfe3e5"),
            shape("M470 190 l-44 70 h34 l-16 50 l56 -74 h-36 l22 -46Z", "#d9a83a"),
            rect(660, 350, 22, 70, 6, "#6d757a"),
            row(8, 0, 22, &rect(300, 400, 300, 8, 4, "#a9b0b4")),
        ]
        .concat()
    } else {
        let breakers: String = (0..7)
            .map(|i| {
                [rect(290 + i * 56, 220, 46, 110, 4, "#eceeef"), rect(304 + i * 56, if i == 3 { 282 } else { 240 }, 18, 32, 3, if i == 3 { "#c94f3d" } else { "#4d565b" })].concat()
            })
            .collect();
        [
            rect(240, 120, 460, 480, 4, "#3a4146"),
            shape("M720 100 l150 60 v500 l-150 -40Z", "#a7aeb2"),
            rect(270, 250, 410, 20, 4, "#6d757a"),
            breakers,
            line("M310 330 q-10 110 40 150 q60 40 20 110", "#c2492f", 9),
            line("M370 330 q40 80 0 140 q-40 60 60 120", "#d6b04c", 9),
            line("M480 330 q-20 110 60 140 q90 20 40 120", "#4f7f6e", 9),
            line("M600 330 q20 120 -70 180", "#3f6f9b", 9),
            oval(526, 514, 9, 9, "#c98a4a"),
            faint(55, &oval(470, 210, 80, 50, "#1b1f22")),
        ]
        .concat()
    };
    [wall, case, inside].concat()
}

pub(super) fn mailbox(mended: bool, _look: u8) -> String {
    let back = [rect(0, 0, 960, 720, 0, "#e8e1d2"), rect(0, 610, 960, 110, 0, "#b5aea2"), rect(110, 100, 740, 460, 10, "#5f7d70")].concat();
    let mut doors = String::new();
    for i in 0..15 {
        let (x, y) = (130 + i % 5 * 142, 120 + i / 5 * 142);
        let broken = !mended && (i == 7 || i == 11);
        if broken {
            doors += &[
                rect(x, y, 132, 132, 4, "#2f3d37"),
                rect(x + 20, y + 70, 90, 56, 2, "#f3efe4"),
                turned(if i == 7 { 24 } else { -17 }, x, y + 132, &[rect(x, y + 20, 132, 132, 4, "#93b1a4"), rect(x + 24, y + 46, 84, 12, 4, "#4d675c")].concat()),
            ]
            .concat();
        } else {
            doors += &[
                rect(x, y, 132, 132, 4, if mended && (i == 7 || i == 11) { "#a4c1b4" } else { "#8aa99b" }),
                rect(x + 24, y + 26, 84, 12, 4, "#4d675c"),
                oval(x + 66, y + 92, 9, 9, "#d9d3c4"),
            ]
            .concat();
        }
    }
    let letters = if mended {
        String::new()
    } else {
        [
            turned(14, 380, 650, &rect(330, 622, 120, 70, 2, "#f6f2e8")),
            turned(-20, 540, 650, &rect(500, 630, 130, 66, 2, "#e9e0cc")),
            turned(6, 690, 640, &rect(650, 628, 100, 60, 2, "#f6f2e8")),
            turned(6, 690, 640, &rect(664, 640, 30, 6, 2, "#b9b1a0")),
        ]
        .concat()
    };
    [back, doors, letters].concat()
}

pub(super) fn tap(mended: bool, _look: u8) -> String {
    let tiles = [rect(0, 0, 960, 720, 0, "#e6ecea"), row(6, 0, 84, &rect(0, 60, 960, 4, 0, "#cfd9d6")), row(9, 112, 0, &rect(60, 0, 4, 480, 0, "#cfd9d6"))].concat();
    let window = [rect(610, 40, 260, 220, 6, "#fff"), rect(626, 56, 108, 188, 2, "#cfe2ea"), rect(746, 56, 108, 188, 2, "#cfe2ea")].concat();
    let counter = [
        rect(0, 480, 960, 60, 0, "#b9a78f"),
        rect(0, 540, 960, 180, 0, "#d9d0c0"),
        rect(210, 490, 500, 40, 20, "#9aa3a8"),
        shape("M230 510 H690 L650 640 H270Z", "#b4bcc0"),
        oval(460, 620, 36, 12, "#6f777c"),
    ]
    .concat();
    let metal = "#8d979c";
    let neck = [
        rect(300, 420, 80, 70, 10, metal),
        line("M340 430 V300 Q340 210 430 210 Q510 210 510 300", metal, 40),
        rect(486, 296, 48, 36, 6, "#757f84"),
        line("M344 400 h-70", metal, 18),
        oval(262, 400, 18, 18, if mended { "#9fb7c2" } else { "#c2492f" }),
        faint(50, &line("M334 420 V300 Q336 222 420 212", "#fff", 6)),
    ]
    .concat();
    let water = if mended {
        faint(60, &line("M300 560 L330 620 M640 560 L610 620", "#fff", 8))
    } else {
        [
            row(4, 0, 62, &shape("M510 352 q-14 26 0 32 q14 -6 0 -32Z", "#7fb0c9")),
            line("M324 424 q-20 30 -10 66", "#7fb0c9", 8),
            oval(320, 496, 70, 12, "#9cc3d6"),
            oval(510, 606, 60, 12, "#9cc3d6"),
        ]
        .concat()
    };
    let soap = [rect(770, 380, 70, 100, 12, "#b7c9a5"), rect(792, 350, 26, 34, 4, "#8a9a7a")].concat();
    [tiles, window, counter, neck, water, soap].concat()
}
