//! The mailbox of `serve --demo`: mails and texts to phones are kept in a table, shown on a page and printed in the terminal, each labelled
//! SANDBOX. Its routes exist with `--demo` only.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::Message;
use super::outbox::Sent;
use crate::db::Id;
use crate::error::ApiResult;
use crate::state::Central;

/// Messages that are kept. Their ids are in the order in which they were queued.
const KEPT: i64 = 500;

pub(crate) fn router() -> Router<Central> {
    Router::new().route("/sandbox/mailbox", get(page)).route("/sandbox/mailbox.json", get(json))
}

/// A message as the page and the tests read it.
#[derive(Debug, FromRow, Serialize)]
struct Kept {
    /// `mail` or `sms`.
    channel: String,
    /// Address or number.
    to: String,
    /// Empty for a text to a phone.
    subject: String,
    text: String,
    code: Option<String>,
    at: i64,
}

/// Keeps and prints a message. The id is the outbox row's, so that a repeat after a crash keeps it once.
pub(super) async fn keep(central: &Central, id: Id, message: &Message) -> Sent {
    match store(central, id, message).await {
        Ok(()) => {
            match message {
                Message::Mail(mail) => {
                    eprintln!("[SANDBOX mail] to: {} | {}\n{}", mail.to, mail.subject, mail.text);
                }
                Message::Sms(sms) => eprintln!("[SANDBOX sms] to: {}\n{}", sms.to, sms.text),
            }
            Sent::Yes
        }
        Err(error) => error.into(),
    }
}

async fn store(central: &Central, id: Id, message: &Message) -> ApiResult<()> {
    let (channel, to, subject, text, code) = match message {
        Message::Mail(mail) => ("mail", &mail.to, mail.subject.as_str(), &mail.text, &mail.code),
        Message::Sms(sms) => ("sms", &sms.to, "", &sms.text, &sms.code),
    };
    let mut tx = central.db.begin().await?;
    sqlx::query(
        "insert into sandbox_message (id, channel, recipient, subject, body, code, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do nothing",
    )
    .bind(id)
    .bind(channel)
    .bind(to)
    .bind(subject)
    .bind(text)
    .bind(code)
    .bind(central.clock.now_ms())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "delete from sandbox_message where id not in (select id from sandbox_message order by id desc limit $1)",
    )
    .bind(KEPT)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn newest(central: &Central, filter: Filter) -> ApiResult<Vec<Kept>> {
    let to = filter.to.map(|to| to.trim().to_ascii_lowercase());
    Ok(sqlx::query_as(
        "select channel, recipient as \"to\", subject, body as text, code, created_at as at from sandbox_message
         where $1 is null or recipient = $1
         order by id desc",
    )
    .bind(to)
    .fetch_all(central.db.read())
    .await?)
}

async fn json(State(central): State<Central>, Query(filter): Query<Filter>) -> ApiResult<axum::Json<Vec<Kept>>> {
    Ok(axum::Json(newest(&central, filter).await?))
}

async fn page(State(central): State<Central>, Query(filter): Query<Filter>) -> ApiResult<Html<String>> {
    let messages = newest(&central, filter).await?;
    let list: String = messages
        .iter()
        .map(|message| {
            let (to, subject, text) = (escape(&message.to), escape(&message.subject), escape(&message.text));
            let subject = if message.channel == "sms" { "SMS".to_owned() } else { subject };
            format!("<article><h2>{subject}</h2><p>{to}</p><pre>{text}</pre></article>\n")
        })
        .collect();
    let list =
        if list.is_empty() { "<p>Belum ada surel atau SMS. / No mail and no text yet.</p>".to_owned() } else { list };
    Ok(Html(format!(
        "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><title>SANDBOX</title>\
         <style>body{{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}\
         strong{{background:#fd0;color:#000;padding:.2em .5em}}article{{border-top:1px solid #888}}\
         pre{{white-space:pre-wrap}}</style>\
         <h1><strong>SANDBOX</strong> Kotak surat / Mailbox</h1>\
         <p>Surel dan SMS uji dari server demo. Tidak ada yang dikirim ke luar. / Test mails and texts of the demo server. \
         Nothing leaves it.</p>\n\
         {list}</html>"
    )))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
