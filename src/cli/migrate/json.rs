//! JSON as pyright reads it: comments and trailing commas are taken out first.
//!
//! What comes out is a TOML table, so that the same code reads `pyrightconfig.json` and `[tool.pyright]`.

/// The table in a text.
///
/// # Errors
/// Says what is wrong with the text.
pub(super) fn table(text: &str) -> Result<toml::Table, String> {
    let value: serde_json::Value =
        serde_json::from_str(&without_comments(text)).map_err(|error| error.to_string())?;
    toml::Table::try_from(without_nulls(value)).map_err(|error| error.to_string())
}

/// The text without `//` and `/* */` comments and trailing commas.
fn without_comments(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => {
                result.push(c);
                result.extend(chars.next());
            }
            '"' => {
                in_string = !in_string;
                result.push(c);
            }
            '/' if !in_string && chars.peek() == Some(&'/') => {
                while chars.next_if(|c| *c != '\n').is_some() {}
            }
            '/' if !in_string && chars.peek() == Some(&'*') => {
                let mut previous = ' ';
                for c in chars.by_ref() {
                    if previous == '*' && c == '/' {
                        break;
                    }
                    previous = c;
                }
            }
            '}' | ']' if !in_string => {
                let length = result.trim_end().len();
                if result[..length].ends_with(',') {
                    result.truncate(length - 1);
                }
                result.push(c);
            }
            _ => result.push(c),
        }
    }
    result
}

/// TOML has no null.
fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(entries) => entries
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        serde_json::Value::Array(items) => {
            items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_comments_is_read() {
        let text = without_comments("{ // c\n \"a\": \"//\\\"\", /* x */ \"b\": [1, 2,],\n}");
        let value: Result<serde_json::Value, _> = serde_json::from_str(&text);
        assert_eq!(value.ok(), Some(serde_json::json!({ "a": "//\"", "b": [1, 2] })));
    }
}
