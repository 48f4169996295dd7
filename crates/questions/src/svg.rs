//! Which drawings may be in a bank: they go into the page of the person, so nothing that runs, loads, names or
//! writes is allowed, and no colour, because a page can be dark.

use roxmltree::{Document, Node};

/// Bytes of one drawing.
const BYTES: usize = 3 * 1024;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

const ELEMENTS: &[&str] = &["svg", "g", "path", "circle", "ellipse", "rect", "line", "polygon", "polyline"];

/// Attributes of geometry and of lines. No `id`, `class`, `style`, `href` and no events: several drawings share a
/// page.
const ATTRIBUTES: &[&str] = &[
    "cx",
    "cy",
    "d",
    "fill-opacity",
    "fill-rule",
    "height",
    "points",
    "r",
    "rx",
    "ry",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Says what is not allowed in the drawing, if anything.
pub(crate) fn problem(text: &str) -> Option<String> {
    if text.len() > BYTES {
        return Some(format!("{} bytes, at most {BYTES} are allowed", text.len()));
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return Some(error.to_string()),
    };
    let root = document.root_element();
    if root.tag_name().name() != "svg" || !root.attribute("viewBox").is_some_and(is_view_box) {
        return Some("the outermost element is svg with a viewBox of four numbers from 0 0".to_owned());
    }
    document.descendants().find_map(|node| node_problem(&node))
}

fn node_problem(node: &Node<'_, '_>) -> Option<String> {
    if node.is_root() {
        return None;
    }
    if let (true, Some(text)) = (node.is_text(), node.text()) {
        return (!text.trim().is_empty()).then(|| format!("text is not allowed: {}", text.trim()));
    }
    if !node.is_element() {
        return Some("comments and instructions are not allowed".to_owned());
    }
    let name = node.tag_name();
    if name.namespace() != Some(NAMESPACE) || !ELEMENTS.contains(&name.name()) {
        return Some(format!("the element {} is not allowed", name.name()));
    }
    if name.name() == "svg" && node.parent_element().is_some() {
        return Some("svg inside svg is not allowed".to_owned());
    }
    node.attributes().find_map(|attribute| {
        let (name, value) = (attribute.name(), attribute.value());
        let fits = match name {
            "fill" | "stroke" => ["none", "currentColor"].contains(&value),
            _ => ATTRIBUTES.contains(&name) && attribute.namespace().is_none() && !value.contains("url"),
        };
        (!fits).then(|| format!("{name}=\"{value}\" is not allowed"))
    })
}

fn is_view_box(text: &str) -> bool {
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    matches!(numbers.as_slice(), [x, y, width, height]
        if *x == 0.0 && *y == 0.0 && (1.0..=1000.0).contains(width) && (1.0..=1000.0).contains(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns='{NAMESPACE}' viewBox='0 0 80 80'>{inside}</svg>")
    }

    #[test]
    fn only_plain_shapes_pass() {
        let good =
            drawing("<g fill='none' stroke='currentColor'><circle cx='4' cy='4' r='2'/>\n<path d='M0 0h9'/></g>");
        assert_eq!(problem(&good), None);
        let bad = [
            drawing("<script>alert(1)</script>"),
            drawing("<text>4</text>"),
            drawing("<g>4</g>"),
            drawing("<image href='https://example.org/x.png'/>"),
            drawing("<use href='#a'/>"),
            drawing("<rect width='9' height='9' fill='red'/>"),
            drawing("<rect width='9' height='9' fill='url(#a)'/>"),
            drawing("<rect width='9' height='9' onclick='x()'/>"),
            drawing("<rect width='9' height='9' style='fill:red'/>"),
            drawing("<rect id='a' width='9' height='9'/>"),
            drawing("<!-- the answer is b -->"),
            drawing("<svg viewBox='0 0 9 9'/>"),
            drawing("<g xmlns='urn:other'/>"),
            drawing("<circle"),
            drawing(&" ".repeat(BYTES)),
            format!("<svg xmlns='{NAMESPACE}'/>"),
            format!("<svg xmlns='{NAMESPACE}' viewBox='0 0 80'/>"),
            "<svg viewBox='0 0 80 80'/>".to_owned(),
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'/>".to_owned(),
            String::new(),
        ];
        for text in bad {
            assert!(problem(&text).is_some(), "{text}");
        }
    }
}
