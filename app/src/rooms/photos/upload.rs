//! Sending photos from the browser: scaled to at most 1,920 px and written as JPEG on the phone, so that neither
//! place nor device leaves it, and sent with progress by bytes.

use super::picker::Shot;
use crate::i18n::Lang;
use crate::ids::PhotoId;
use crate::{tr, trf};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, File, HtmlCanvasElement, HtmlFormElement, HtmlInputElement, ImageBitmap, ProgressEvent, XmlHttpRequest};

const SIDE: u32 = 1_920;
const PHOTOS: usize = 6;

/// Takes over the file fields and guards the form against a second tap and against leaving photos behind.
pub fn come_alive(shots: RwSignal<Vec<Shot>>, notice: RwSignal<String>, lang: Lang) {
    Effect::new(move |_| {
        let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
        let Ok(fields) = document.query_selector_all("input[data-photos]") else { return };
        for i in 0..fields.length() {
            let Some(field) = fields.get(i).and_then(|n| n.dyn_into::<HtmlInputElement>().ok()) else { continue };
            let on_change = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
                take(&field, shots, notice, lang);
            });
            let _ = field.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref());
            on_change.forget();
        }
        guard(&document, shots, notice, lang);
    });
}

/// Waits for photos on their way; lets the form go once.
fn guard(document: &web_sys::Document, shots: RwSignal<Vec<Shot>>, notice: RwSignal<String>, lang: Lang) {
    let Some(form) = document.get_element_by_id("report").and_then(|e| e.dyn_into::<HtmlFormElement>().ok()) else { return };
    let on_submit = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let sending = shots.get_untracked().iter().any(|s| s.progress.get_untracked() < 100 && s.error.get_untracked().is_none());
        if sending {
            event.prevent_default();
            notice.set(tr!(lang, "照片还在发送，马上就好。", "The photos are still being sent, just a moment.").into());
        }
    });
    let _ = form.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
    on_submit.forget();
}

fn take(field: &HtmlInputElement, shots: RwSignal<Vec<Shot>>, notice: RwSignal<String>, lang: Lang) {
    let Some(files) = field.files() else { return };
    let room = PHOTOS.saturating_sub(shots.get_untracked().len()) as u32;
    if files.length() > room {
        notice.set(trf!(lang, "最多 {PHOTOS} 张照片", "At most {PHOTOS} photos"));
    }
    for i in 0..files.length().min(room) {
        if let Some(file) = files.get(i) {
            start(file, shots, lang);
        }
    }
    // The pictures travel by themselves now; the form carries their names alone.
    field.set_value("");
}

fn start(file: File, shots: RwSignal<Vec<Shot>>, lang: Lang) {
    let key = shots.get_untracked().iter().map(|s| s.key + 1).max().unwrap_or(0);
    let preview = web_sys::Url::create_object_url_with_blob(&file).unwrap_or_default();
    let shot = Shot { key, id: PhotoId::new(), preview: RwSignal::new(preview), progress: RwSignal::new(0), error: RwSignal::new(None) };
    shots.update(|all| all.push(shot));
    leptos::task::spawn_local(async move {
        // A picture that this browser cannot read (HEIC on some phones) goes as it is: the server says what to do.
        let blob: Blob = match shrink(&file).await {
            Ok(blob) => blob,
            Err(_) => file.into(),
        };
        send(shot, &blob, lang);
    });
}

async fn shrink(file: &File) -> Result<Blob, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let bitmap: ImageBitmap = JsFuture::from(window.create_image_bitmap_with_blob(file)?).await?.dyn_into()?;
    let (w, h) = (bitmap.width().max(1), bitmap.height().max(1));
    let longest = w.max(h);
    let side = |n: u32| if longest > SIDE { (u64::from(n) * u64::from(SIDE) / u64::from(longest)).max(1) as u32 } else { n };
    let document = window.document().ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(side(w));
    canvas.set_height(side(h));
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, f64::from(side(w)), f64::from(side(h)))?;
    // 300 KB is enough for a look at a bench: less quality until it fits.
    let mut last = None;
    for quality in [0.82, 0.7, 0.55] {
        let blob = to_blob(&canvas, quality).await?;
        let small = blob.size() <= 300_000.0;
        last = Some(blob);
        if small {
            break;
        }
    }
    last.ok_or(JsValue::NULL)
}

async fn to_blob(canvas: &HtmlCanvasElement, quality: f64) -> Result<Blob, JsValue> {
    let canvas = canvas.clone();
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        if canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), "image/jpeg", &JsValue::from_f64(quality)).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}

fn send(shot: Shot, blob: &Blob, lang: Lang) {
    let fail = move |text: String| shot.error.set(Some(text));
    let Ok(request) = XmlHttpRequest::new() else { return };
    if request.open("PUT", &format!("/api/v1/photos/{}", shot.id)).is_err() {
        return;
    }
    let _ = request.set_request_header("content-type", "image/jpeg");
    if let Ok(upload) = request.upload() {
        let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            // Whole bytes, which the browser counts in floats. A hundred is for the server to say.
            let (done, all) = (event.loaded() as u64, event.total() as u64);
            if event.length_computable() && all > 0 {
                shot.progress.set((done.min(all) * 99 / all) as u8);
            }
        });
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        on_progress.forget();
    }
    let answered = request.clone();
    let on_load = Closure::<dyn FnMut(Event)>::new(move |_: Event| match answered.status() {
        Ok(200) => shot.progress.set(100),
        _ => {
            let text = answered.response_text().ok().flatten().unwrap_or_default();
            let error: Option<crate::error::AppError> = serde_json::from_str(&text).ok();
            fail(error.map_or_else(|| tr!(lang, "没有发出去，请去掉后重拍", "Not sent; remove it and try again").to_owned(), |e| e.sentence(lang)));
        }
    });
    request.set_onload(Some(on_load.as_ref().unchecked_ref()));
    on_load.forget();
    let on_error = Closure::<dyn FnMut(Event)>::new(move |_: Event| {
        fail(tr!(lang, "网络不通，请去掉后重拍，或只写一句话", "No connection; remove it and try again, or send words only").to_owned());
    });
    request.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    let _ = request.send_with_opt_blob(Some(blob));
}
