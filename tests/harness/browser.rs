//! Somebody with a browser and no script: reads pages, finds the hidden fields, sends forms.

use reqwest::header;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, StatusCode};

/// A browser with its own cookies. It does not follow redirects: tests look at them.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
}

/// A page that was read.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, if it does.
    pub to: String,
    /// The text.
    pub text: String,
    /// Seconds to wait, if it says so.
    pub retry_after: Option<u64>,
    /// The content security policy.
    pub csp: String,
}

impl Seen {
    /// The value of the first hidden field of this name.
    pub fn hidden(&self, name: &str) -> String {
        self.hidden_after("", name)
    }

    /// The value of the first hidden field of this name after some text.
    pub fn hidden_after(&self, after: &str, name: &str) -> String {
        let from = self.text.find(after).unwrap_or(0);
        let mark = format!("name=\"{name}\" value=\"");
        let at = self.text[from..].find(&mark).unwrap_or_else(|| panic!("no field {name} after {after:?} in {}", self.text)) + from + mark.len();
        self.text[at..].split('"').next().unwrap_or_default().to_owned()
    }

    /// Whether the page says this.
    pub fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}

impl Browser {
    /// A new browser.
    pub fn new(base: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { client, base: base.to_owned() }
    }

    async fn seen(response: Response) -> Seen {
        let get = |name: header::HeaderName| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (to, retry, csp) = (get(header::LOCATION), get(header::RETRY_AFTER), get(header::CONTENT_SECURITY_POLICY));
        let status = response.status();
        Seen { status, to, retry_after: retry.parse().ok(), csp, text: response.text().await.unwrap_or_default() }
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Seen {
        Self::seen(self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer")).await
    }

    /// Reads bytes: status and body.
    pub async fn bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let response = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        (response.status(), response.bytes().await.expect("a body").to_vec())
    }

    /// Sends a plain form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        Self::seen(self.client.post(format!("{}{path}", self.base)).form(fields).send().await.expect("an answer")).await
    }

    /// Sends a form with files: field, bytes.
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, Vec<u8>)]) -> Seen {
        let mut form = Form::new();
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (name, bytes) in files {
            form = form.part((*name).to_owned(), Part::bytes(bytes.clone()).file_name("photo.jpg"));
        }
        Self::seen(self.client.post(format!("{}{path}", self.base)).multipart(form).send().await.expect("an answer")).await
    }

    /// Sends bytes as they are.
    pub async fn put(&self, path: &str, bytes: Vec<u8>, page: &str) -> Seen {
        let request = self.client.put(format!("{}{path}", self.base)).header(header::REFERER, format!("{}{page}", self.base)).body(bytes);
        Self::seen(request.send().await.expect("an answer")).await
    }

    /// Sends a request made by hand.
    pub async fn send(&self, make: impl FnOnce(&Client, &str) -> reqwest::RequestBuilder) -> Seen {
        Self::seen(make(&self.client, &self.base).send().await.expect("an answer")).await
    }

    /// Signs in and says what came of it.
    pub async fn sign_in(&self, phone: &str, secret: &str) -> Seen {
        self.post("/sign-in", &[("phone", phone), ("secret", secret), ("back", "/")]).await
    }
}
