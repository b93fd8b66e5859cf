//! Real code, broken: the Python in the fixtures with words exchanged, lines dropped, doubled and moved.

use super::random::Random;

/// A broken version of one of `texts`, with words of all of them.
pub fn mutant(random: &mut Random, texts: &[String]) -> String {
    let text = &texts[random.below(texts.len())];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..1 + random.below(12) {
        if lines.is_empty() {
            break;
        }
        let at = random.below(lines.len());
        match random.below(9) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => {
                let to = random.below(lines.len());
                lines.swap(at, to);
            }
            3 => {
                let other = &texts[random.below(texts.len())];
                let all: Vec<&str> = other.lines().collect();
                if !all.is_empty() {
                    let from = random.below(all.len());
                    let until = (from + 1 + random.below(6)).min(all.len());
                    lines.splice(at..at, all[from..until].iter().map(|&line| line.to_owned()));
                }
            }
            4 => lines[at] = format!("    {}", lines[at]),
            5 => lines[at] = lines[at].strip_prefix("    ").unwrap_or(&lines[at]).to_owned(),
            _ => {
                let word =
                    words(&lines[random.below(lines.len())]).last().copied().map(str::to_owned);
                let own = words(&lines[at]);
                if let (Some(word), false) = (word, own.is_empty()) {
                    let old = own[random.below(own.len())].to_owned();
                    lines[at] = lines[at].replacen(&old, &word, 1);
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// The names in a line.
fn words(line: &str) -> Vec<&str> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.split(|character| !is_part(character)).filter(|word| !word.is_empty()).collect()
}
