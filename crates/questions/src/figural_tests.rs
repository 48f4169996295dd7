//! The answers of the figural items that can be computed, computed again from what a screen reader says; and what
//! it says compared with what is drawn.

use std::collections::BTreeSet;

use crate::bank::EMBEDDED;
use crate::entry::{BankFile, Entry};
use crate::words::{Figure, Kind};

/// Filled cells, row and column from 0.
type Cells = BTreeSet<(usize, usize)>;

fn entries(topic: &str) -> Vec<Entry> {
    let files = EMBEDDED.iter().map(|(_, text)| toml::from_str::<BankFile>(text).unwrap());
    let figural = files.into_iter().find(|file| file.kind == Kind::Figural).unwrap();
    figural.entries.into_iter().filter(|entry| entry.topic == topic).collect()
}

/// Reads `row 1: columns 1, 2; row 3: column 3`.
fn cells(text: &str) -> Cells {
    let mut cells = Cells::new();
    for row in text.split("row ").skip(1) {
        let (row, columns) = row.split_once(':').unwrap();
        for column in columns.split(|sign: char| !sign.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
            cells.insert((row.parse::<usize>().unwrap() - 1, column.parse::<usize>().unwrap() - 1));
        }
    }
    cells
}

/// Reads the first sentence of `3 by 3 grid, filled: …`.
fn grid(description: &str) -> (usize, Cells) {
    let (size, rest) = description.split_once(" by ").unwrap();
    (size.parse().unwrap(), grid_cells(rest))
}

fn grid_cells(text: &str) -> Cells {
    cells(text.split('.').next().unwrap())
}

fn right(entry: &Entry) -> &Figure {
    let place = ["a", "b", "c", "d"].iter().position(|key| Some(*key) == entry.answer.as_deref()).unwrap();
    entry.options[place].figure.as_ref().unwrap()
}

fn turned(size: usize, cells: &Cells) -> Cells {
    cells.iter().map(|(row, column)| (*column, size - 1 - row)).collect()
}

fn mirrored(size: usize, cells: &Cells) -> Cells {
    cells.iter().map(|(row, column)| (*row, size - 1 - column)).collect()
}

fn flipped(size: usize, cells: &Cells) -> Cells {
    cells.iter().map(|(row, column)| (size - 1 - row, *column)).collect()
}

#[test]
fn turned_grids_are_turned() {
    let items = entries("rotation");
    assert_eq!(items.len(), 5);
    for entry in items {
        let (size, mut shape) = grid(&entry.figure.as_ref().unwrap().description.en);
        let quarters = match entry.text.en.as_str() {
            text if text.contains("half a turn") => 2,
            text if text.contains("anticlockwise") => 3,
            _ => 1,
        };
        for _ in 0..quarters {
            shape = turned(size, &shape);
        }
        assert_eq!(grid(&right(&entry).description.en), (size, shape), "{}", entry.id);
    }
}

#[test]
fn mirrored_grids_are_mirrored() {
    let items = entries("mirror");
    assert_eq!(items.len(), 4);
    for entry in items {
        let (size, shape) = grid(&entry.figure.as_ref().unwrap().description.en);
        let expected = if entry.text.en.contains("vertical") { mirrored(size, &shape) } else { flipped(size, &shape) };
        assert_eq!(grid(&right(&entry).description.en), (size, expected), "{}", entry.id);
    }
}

#[test]
fn unfolded_sheets_have_the_holes_of_every_layer() {
    let items = entries("fold");
    assert_eq!(items.len(), 4);
    for entry in items {
        let told = &entry.figure.as_ref().unwrap().description.en;
        let (folds, punched) = told.split_once("punched at ").unwrap();
        let mut holes = cells(&punched.replace(", column", ": column"));
        if folds.contains("bottom half is folded over the top half") {
            holes = &holes | &flipped(4, &holes);
        }
        if folds.contains("right half is folded over the left half") {
            holes = &holes | &mirrored(4, &holes);
        }
        assert_eq!(cells(&right(&entry).description.en), holes, "{}", entry.id);
    }
}

/// Every way of making the right picture from two others that fits the two full rows gives the right answer.
#[test]
fn combined_grids_follow_one_rule() {
    let rules: [fn(&Cells, &Cells) -> Cells; 3] = [|a, b| a | b, |a, b| a & b, |a, b| a ^ b];
    let mut items = entries("matrix");
    items.retain(|entry| entry.text.en.contains("is made from"));
    assert_eq!(items.len(), 4);
    for entry in items {
        let told = &entry.figure.as_ref().unwrap().description.en;
        let pictures: Vec<Cells> = told.split("grid, filled: ").skip(1).map(grid_cells).collect();
        let [a, b, c, d, e, f, g, h] = pictures.as_slice() else { panic!("{}: eight pictures", entry.id) };
        let fitting: Vec<_> = rules.iter().filter(|rule| rule(a, b) == *c && rule(d, e) == *f).collect();
        assert!(!fitting.is_empty(), "{}", entry.id);
        for rule in fitting {
            assert_eq!(grid(&right(&entry).description.en).1, rule(g, h), "{}", entry.id);
        }
    }
}

#[test]
fn stacks_are_added_up() {
    let items = entries("counting cubes");
    assert_eq!(items.len(), 2);
    for entry in items {
        let told = &entry.figure.as_ref().unwrap().description.en;
        let heights = told.split("height ").skip(1).filter_map(|row| row.split('.').next());
        let sum: usize = heights.flat_map(|row| row.split(", ")).map(|height| height.parse::<usize>().unwrap()).sum();
        let place = ["a", "b", "c", "d"].iter().position(|key| Some(*key) == entry.answer.as_deref()).unwrap();
        assert_eq!(entry.options[place].text.as_ref().unwrap().en, sum.to_string(), "{}", entry.id);
    }
}

/// Filled cells of a drawn option: squares in the path with `fill`, at multiples of their width.
fn drawn_cells(svg: &str, size: usize) -> Cells {
    let mut cells = Cells::new();
    let width = 64.0 / f64::from(u8::try_from(size).unwrap());
    let path =
        svg.lines().find_map(|line| line.split("<path d=\"").find(|part| part.contains("fill=\"currentColor\"")));
    for square in path.unwrap_or_default().split('"').next().unwrap_or_default().split('M').skip(1) {
        let (x, rest) = square.split_once(' ').unwrap();
        let (y, _) = rest.split_once('h').unwrap();
        let place = |text: &str| {
            (0..size).min_by_key(|index| {
                let left = 8.0 + width * f64::from(u8::try_from(*index).unwrap());
                ((text.parse::<f64>().unwrap() - left).abs() * 10.0) as u64
            })
        };
        cells.insert((place(y).unwrap(), place(x).unwrap()));
    }
    cells
}

#[test]
fn the_words_of_a_grid_are_what_is_drawn() {
    let mut compared = 0;
    for topic in ["rotation", "mirror", "matrix", "odd one out"] {
        for entry in entries(topic) {
            let alone = entry.figure.iter().filter(|figure| figure.description.en.contains(" by "));
            for figure in entry.options.iter().filter_map(|option| option.figure.as_ref()).chain(alone) {
                if topic != "matrix" && figure.description.en.contains(" by ")
                    || figure.description.en.starts_with("3 by")
                {
                    let (size, told) = grid(&figure.description.en);
                    assert_eq!(drawn_cells(&figure.svg, size), told, "{}: {}", entry.id, figure.description.en);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 9 * 5 + 4 * 4 + 4);
}
