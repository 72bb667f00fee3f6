//! Outdoor pictures of pipes, playgrounds, hydrants, drains and doors.

use super::scenes::{cone, faint, line, oval, rect, row, shape, turned};
use super::scenes_outdoor::{garden, light, road, tree};

pub(super) fn sewage(mended: bool, look: u8) -> String {
    let cover = [oval(480, 400, 150, 92, "#6a6e72"), oval(480, 394, 140, 84, "#7c8085"), row(5, 48, 0, &rect(376, 352, 16, 84, 7, "#686c70"))].concat();
    let flow = if mended {
        faint(25, &[oval(480, 560, 320, 60, "#dfe6e8"), oval(240, 480, 90, 26, "#dfe6e8")].concat())
    } else {
        [
            shape("M250 330 q120 -90 260 -60 q210 -10 250 110 q30 90 120 130 q110 90 -40 150 q-260 60 -520 30 q-220 -20 -230 -110 q10 -70 90 -100 q20 -100 70 -150Z", "#8a7d5f"),
            faint(
                60,
                &shape("M300 360 q100 -60 220 -40 q160 0 190 80 q40 100 100 130 q40 60 -60 90 q-200 40 -400 10 q-160 -20 -150 -80 q60 -40 60 -90 q0 -60 40 -100Z", "#a3956f"),
            ),
            oval(330, 560, 16, 10, "#c4b78f"),
            oval(560, 600, 22, 12, "#c4b78f"),
            oval(680, 500, 12, 8, "#c4b78f"),
            line("M420 290 q-16 -30 4 -56 M500 280 q-16 -34 4 -64 M580 296 q-14 -28 6 -52", "#b5b08f", 7),
        ]
        .concat()
    };
    [road(light(look)), if mended { [flow.clone(), cover.clone()].concat() } else { [flow, faint(70, &cover), cone(840, 600)].concat() }].concat()
}

pub(super) fn fitness(mended: bool, look: u8) -> String {
    let l = light(look);
    let (blue, yellow) = ("#4f7f9b", "#d9a441");
    let frame = [
        faint(18, &oval(470, 622, 300, 22, "#222")),
        rect(450, 180, 26, 430, 8, blue),
        rect(330, 596, 270, 22, 8, "#5a6066"),
        line("M463 220 Q360 210 330 300", blue, 18),
        line("M463 220 Q566 210 596 300", blue, 18),
        oval(330, 308, 20, 20, yellow),
        oval(596, 308, 20, 20, yellow),
    ]
    .concat();
    let pedal = |x: i32| [line(&format!("M463 360 L{x} 520"), yellow, 20), rect(x - 70, 512, 140, 26, 10, yellow)].concat();
    let pedals = if mended {
        [pedal(360), pedal(570)].concat()
    } else {
        [
            pedal(360),
            line("M463 360 L540 470", "#a8905a", 20),
            line("M540 470 l10 -8 l-2 20 l14 -4", "#7d6a3f", 5),
            turned(24, 690, 600, &rect(630, 586, 140, 26, 10, "#b8954a")),
            oval(463, 360, 24, 24, "#9a6b48"),
        ]
        .concat()
    };
    [
        garden(l, 400),
        tree(l, 120, 470, 90),
        tree(l, 840, 480, 100),
        faint(60, &shape("M120 640 Q480 540 840 640 Q860 720 480 720 Q100 720 120 640Z", "#b98d78")),
        frame,
        pedals,
        oval(463, 360, 16, 16, "#3d4348"),
    ]
    .concat()
}

pub(super) fn slide(mended: bool, look: u8) -> String {
    let l = light(look);
    let colour = if mended { "#d98b4a" } else { "#c98f62" };
    let tower = [
        rect(560, 240, 22, 380, 6, "#5c8a8f"),
        rect(720, 240, 22, 380, 6, "#5c8a8f"),
        shape("M530 240 L651 130 L772 240Z", "#b9574a"),
        rect(560, 350, 182, 18, 4, "#477277"),
        row(5, 0, 50, &rect(582, 400, 138, 10, 4, "#86aeb2")),
    ]
    .concat();
    let chute = [
        shape("M566 352 Q400 400 300 560 Q270 600 190 604 V636 Q300 640 340 590 Q440 440 580 410Z", colour),
        line("M566 348 Q400 392 294 552 Q264 594 190 598", if mended { "#b56f35" } else { "#a5734b" }, 14),
    ]
    .concat();
    let hurt = if mended {
        String::new()
    } else {
        [
            shape("M400 452 l34 18 l-10 24 l30 12 l-22 22 l-48 -26Z", "#6d5745"),
            line("M360 520 l36 12 l-8 22", "#6d5745", 6),
            shape("M640 640 l150 -6 l20 -30 l40 34 l-4 28 h-200Z", "#7d8d92"),
        ]
        .concat()
    };
    let mat = rect(130, 628, 740, 60, 18, if mended { "#7f9fa6" } else { "#8d9ca0" });
    [garden(l, 420), tree(l, 90, 500, 90), tree(l, 890, 500, 80), mat, tower, chute, hurt].concat()
}

pub(super) fn hydrant(mended: bool, look: u8) -> String {
    let l = light(look);
    let case = [faint(20, &oval(480, 640, 250, 20, "#222")), rect(270, 150, 420, 480, 10, "#b8402f"), rect(292, 172, 376, 436, 6, "#992f22")].concat();
    let hose = [
        oval(400, 330, 92, 92, "#e9dfc6"),
        oval(400, 330, 66, 66, "#d6c8a6"),
        oval(400, 330, 40, 40, "#e9dfc6"),
        oval(400, 330, 16, 16, "#992f22"),
        rect(560, 250, 30, 150, 8, "#c9a24a"),
        oval(575, 460, 40, 40, "#c9ccce"),
        oval(575, 460, 18, 18, "#8f9498"),
    ]
    .concat();
    let glass = if mended {
        [hose, faint(22, &rect(300, 180, 360, 420, 4, "#e8f4f6")), faint(40, &shape("M320 580 L560 190 H600 L360 580Z", "#fff")), rect(650, 380, 14, 60, 6, "#e6d9c5")].concat()
    } else {
        let valve = [oval(575, 460, 40, 40, "#a9adb0"), oval(575, 460, 18, 18, "#6f7478")].concat();
        [
            valve,
            faint(
                45,
                &[
                    shape("M300 180 h150 l-40 90 l-60 -30 l-50 80Z", "#e8f4f6"),
                    shape("M660 600 h-170 l60 -70 l50 20 l60 -90Z", "#e8f4f6"),
                    shape("M660 180 v120 l-50 -60Z", "#e8f4f6"),
                ]
                .concat(),
            ),
            shape("M330 660 l40 -16 l20 22Z", "#dbe8ea"),
            shape("M450 676 l54 -20 l10 24Z", "#cddddf"),
            shape("M590 664 l30 -14 l22 20Z", "#dbe8ea"),
            line("M575 500 q-6 60 10 110", "#9fc0cf", 7),
        ]
        .concat()
    };
    [garden(l, 430), tree(l, 850, 520, 100), case, glass].concat()
}

pub(super) fn drain(mended: bool, look: u8) -> String {
    let grate = |x: i32, y: i32| [rect(x, y, 260, 150, 10, "#5f6469"), row(7, 34, 0, &rect(x + 18, y + 16, 18, 118, 6, if mended { "#2c3135" } else { "#3d4347" }))].concat();
    let body = if mended {
        [grate(350, 150), faint(20, &oval(480, 420, 360, 60, "#dfe8ea"))].concat()
    } else {
        let leaves: String = (0..30)
            .map(|i| (i, 350 + i % 7 * 40 + i * 13 % 17, 160 + i / 7 * 34 + i * 29 % 23))
            .map(|(i, x, y)| turned(i * 67 % 180, x, y, &oval(x, y, 26, 12, ["#b58a4c", "#9c7a42", "#8f9455", "#c7a25f"][(i % 4) as usize])))
            .collect();
        let floating: String = (0..6).map(|i| oval(180 + i * 120, 430 + i % 3 * 70, 20, 8, "#a98a52")).collect();
        [
            grate(350, 150),
            shape("M60 300 q200 -70 420 -40 q300 -20 420 90 q40 190 -120 260 q-320 80 -600 10 q-200 -80 -120 -320Z", "#7e94a1"),
            faint(45, &[oval(420, 420, 250, 34, "#c9d8e0"), oval(620, 540, 150, 22, "#c9d8e0")].concat()),
            floating,
            leaves,
        ]
        .concat()
    };
    [road(light(look)), body].concat()
}

pub(super) fn entrance_door(mended: bool, look: u8) -> String {
    let (wall, door) = if look == 0 { ("#ddd2c0", "#5d7a86") } else { ("#d3cdc9", "#86604c") };
    let frame = [rect(290, 110, 380, 530, 6, "#8f8a82"), rect(312, 132, 336, 508, 2, "#2e3438"), faint(70, &shape("M312 640 V300 L480 400 V640Z", "#4a5156"))].concat();
    let leaf = |d: &str, pane: &str, handle: (i32, i32)| [shape(d, door), shape(pane, "#b9cdd4"), rect(handle.0, handle.1, 14, 90, 6, "#d9d5cc")].concat();
    let gate = if mended {
        [
            leaf("M312 132 H648 V640 H312Z", "M352 176 H608 V420 H352Z", (604, 440)),
            faint(35, &shape("M372 420 L520 176 H570 L422 420Z", "#fff")),
            rect(520, 140, 110, 18, 6, "#c9c5bb"),
            line("M628 150 L600 132", "#a5a198", 8),
        ]
        .concat()
    } else {
        [leaf("M312 132 L520 182 V690 L312 640Z", "M340 180 L496 216 V452 L340 416Z", (490, 470)), line("M400 146 L470 210 l-8 30", "#b5b1a8", 8), oval(462, 246, 9, 9, "#8d8981")]
            .concat()
    };
    let panel = [
        rect(720, 300, 84, 150, 8, "#6c7277"),
        rect(734, 316, 56, 44, 4, "#a9c2c9"),
        row(3, 18, 0, &row(3, 0, 20, &oval(744, 380, 6, 6, "#d9d9d6"))),
        oval(762, 440, 5, 5, if mended { "#7fc06b" } else { "#c94f3d" }),
    ]
    .concat();
    let joints = faint(40, &row(8, 0, 80, &rect(0, 60, 960, 3, 0, "#b7ab98")));
    let canopy = [rect(230, 60, 500, 34, 6, "#9a938a"), faint(18, &rect(250, 94, 460, 20, 0, "#222"))].concat();
    [
        rect(0, 0, 960, 720, 0, wall),
        joints,
        canopy,
        rect(0, 640, 960, 80, 0, "#b3ada3"),
        rect(250, 626, 460, 26, 4, "#c6c0b5"),
        frame,
        gate,
        panel,
        oval(120, 600, 90, 76, if look == 0 { "#86a571" } else { "#95a26a" }),
        rect(60, 600, 120, 90, 10, "#b07a5a"),
    ]
    .concat()
}
