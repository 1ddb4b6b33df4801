//! Objects by name in the order of their creation. A copy shares everything with what it was copied
//! from until one of them changes, so that the schema before each revision costs nothing to keep,
//! and what differs between two of them is found without looking at what they share.

use std::hash::Hasher;
use std::rc::Rc;

use rustc_hash::FxHasher;

use super::Key;

/// How many bits of a hash choose a child.
const BITS: u32 = 5;
/// From here on a hash has no bits left.
const DEEPEST: u32 = u64::BITS;

/// A map by name that is cheap to copy. Names that differ only in letter case or schema stand
/// together.
#[derive(Clone, Debug)]
pub(super) struct Ordered<V> {
    root: Option<Rc<Node<V>>>,
    /// The number of the next entry.
    next: u64,
}

#[derive(Clone, Debug)]
enum Node<V> {
    /// Entries with one hash.
    Leaf { hash: u64, entries: Vec<Entry<V>> },
    /// Children by the bits of their hash at this depth; `present` says which there are.
    Branch {
        present: u32,
        children: Vec<Rc<Node<V>>>,
    },
}

#[derive(Clone, Debug)]
struct Entry<V> {
    /// When it was put in, counted from the first.
    number: u64,
    key: Key,
    value: V,
}

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self {
            root: None,
            next: 0,
        }
    }
}

/// The hash of a name without letter case.
fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    let mut add = |name: &[u8]| {
        for eight in name.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(eight) {
                *to = from.to_ascii_lowercase();
            }
            hasher.write_u64(u64::from_le_bytes(word));
        }
    };
    if name.is_ascii() {
        add(name.as_bytes());
    } else {
        add(name.to_lowercase().as_bytes());
    }
    hasher.finish()
}

fn bit(hash: u64, depth: u32) -> u32 {
    let digit = (hash >> depth) & ((1 << BITS) - 1);
    1 << digit
}

/// Where the child of a bit stands among those that are present.
fn place(present: u32, bit: u32) -> usize {
    (present & (bit - 1)).count_ones() as usize
}

impl<V> Ordered<V> {
    /// The entries of a name in any letter case and schema, in no order.
    fn leaf(&self, hash: u64) -> &[Entry<V>] {
        let mut node = self.root.as_deref();
        let mut depth = 0;
        while let Some(found) = node {
            match found {
                Node::Leaf { hash: own, entries } if *own == hash => return entries,
                Node::Leaf { .. } => break,
                Node::Branch { present, children } => {
                    let bit = bit(hash, depth);
                    node = (present & bit != 0)
                        .then(|| children.get(place(*present, bit)))
                        .flatten()
                        .map(|child| &**child);
                    depth += BITS;
                }
            }
        }
        &[]
    }

    pub(super) fn get(&self, key: &Key) -> Option<&V> {
        let entries = self.leaf(hash(&key.1)).iter();
        let mut same = entries.filter(|entry| entry.key == *key);
        same.next().map(|entry| &entry.value)
    }

    /// The entries whose name is this one in some letter case, in any schema, the oldest first.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = (&Key, &V)> + use<'_, V> {
        let lower = name.to_lowercase();
        let mut found: Vec<&Entry<V>> = self
            .leaf(hash(name))
            .iter()
            .filter(|entry| entry.key.1.to_lowercase() == lower)
            .collect();
        found.sort_unstable_by_key(|entry| entry.number);
        found.into_iter().map(|entry| (&entry.key, &entry.value))
    }

    /// Every entry, the oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &V)> + use<'_, V> {
        let mut found = Vec::new();
        collect(self.root.as_ref(), &mut found);
        in_order(found)
    }

    /// The entries that the other map does not have with the same value, the oldest first. What
    /// both share is not looked at.
    pub(super) fn beside<'a>(
        &'a self,
        other: &Self,
        same: fn(&V, &V) -> bool,
    ) -> impl DoubleEndedIterator<Item = (&'a Key, &'a V)> + use<'a, V> {
        let mut found = Vec::new();
        differing(self.root.as_ref(), other.root.as_ref(), 0, same, &mut found);
        in_order(found)
    }
}

fn in_order<V>(
    mut entries: Vec<&Entry<V>>,
) -> impl DoubleEndedIterator<Item = (&Key, &V)> + use<'_, V> {
    entries.sort_unstable_by_key(|entry| entry.number);
    entries.into_iter().map(|entry| (&entry.key, &entry.value))
}

fn collect<'a, V>(node: Option<&'a Rc<Node<V>>>, found: &mut Vec<&'a Entry<V>>) {
    match node.map(|node| &**node) {
        None => {}
        Some(Node::Leaf { entries, .. }) => found.extend(entries),
        Some(Node::Branch { children, .. }) => {
            for child in children {
                collect(Some(child), found);
            }
        }
    }
}

/// The node below `node` for the hashes with this bit; a leaf stands for itself where its own hash
/// has the bit.
fn below<V>(node: &Rc<Node<V>>, wanted: u32, depth: u32) -> Option<&Rc<Node<V>>> {
    match &**node {
        Node::Leaf { hash, .. } => (bit(*hash, depth) == wanted).then_some(node),
        Node::Branch { present, children } => (present & wanted != 0)
            .then(|| children.get(place(*present, wanted)))
            .flatten(),
    }
}

fn differing<'a, V>(
    node: Option<&'a Rc<Node<V>>>,
    other: Option<&Rc<Node<V>>>,
    depth: u32,
    same: fn(&V, &V) -> bool,
    found: &mut Vec<&'a Entry<V>>,
) {
    let (Some(node), Some(other)) = (node, other) else {
        return collect(node, found);
    };
    if Rc::ptr_eq(node, other) {
        return;
    }
    match &**node {
        Node::Leaf { hash, entries } => {
            let mut across = Some(other);
            let mut depth = depth;
            while let Some(Node::Branch { .. }) = across.map(|node| &**node) {
                across = across.and_then(|node| below(node, bit(*hash, depth), depth));
                depth += BITS;
            }
            let others = match across.map(|node| &**node) {
                Some(Node::Leaf { entries, .. }) => entries.as_slice(),
                Some(Node::Branch { .. }) | None => &[],
            };
            found.extend(entries.iter().filter(|entry| {
                let mut others = others.iter();
                !others.any(|other| other.key == entry.key && same(&entry.value, &other.value))
            }));
        }
        Node::Branch { present, children } => {
            let bits = (0..1 << BITS).map(|n| 1u32 << n);
            for (child, bit) in children.iter().zip(bits.filter(|bit| present & bit != 0)) {
                differing(
                    Some(child),
                    below(other, bit, depth),
                    depth + BITS,
                    same,
                    found,
                );
            }
        }
    }
}

impl<V: Clone> Ordered<V> {
    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut V> {
        let hash = hash(&key.1);
        let mut node = Rc::make_mut(self.root.as_mut()?);
        let mut depth = 0;
        loop {
            match node {
                Node::Leaf { hash: own, entries } => {
                    let mut entries = entries.iter_mut();
                    return (*own == hash)
                        .then(|| entries.find(|entry| entry.key == *key))
                        .flatten()
                        .map(|entry| &mut entry.value);
                }
                Node::Branch { present, children } => {
                    let bit = bit(hash, depth);
                    if *present & bit == 0 {
                        return None;
                    }
                    node = Rc::make_mut(children.get_mut(place(*present, bit))?);
                    depth += BITS;
                }
            }
        }
    }

    /// Puts a value in; one that replaces another takes its place in the order.
    pub(super) fn insert(&mut self, key: Key, value: V) {
        let hash = hash(&key.1);
        let entry = Entry {
            number: self.next,
            key,
            value,
        };
        self.next += 1;
        match &mut self.root {
            Some(root) => insert(root, 0, hash, entry),
            None => {
                self.root = Some(Rc::new(Node::Leaf {
                    hash,
                    entries: vec![entry],
                }));
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<V> {
        self.get(key)?;
        let root = self.root.as_mut()?;
        let removed = remove(root, 0, hash(&key.1), key);
        if root.is_empty() {
            self.root = None;
        }
        removed
    }

    pub(super) fn retain(&mut self, kept: impl Fn(&Key) -> bool) {
        let gone: Vec<Key> = self
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !kept(key))
            .cloned()
            .collect();
        for key in &gone {
            self.remove(key);
        }
    }
}

impl<V> Node<V> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf { entries, .. } => entries.is_empty(),
            Self::Branch { children, .. } => children.is_empty(),
        }
    }
}

fn insert<V: Clone>(node: &mut Rc<Node<V>>, depth: u32, hash: u64, entry: Entry<V>) {
    if let Node::Leaf { hash: own, .. } = &**node
        && *own != hash
        && depth < DEEPEST
    {
        // Two hashes: they part at this bit or at a later one.
        let present = bit(*own, depth);
        let children = vec![Rc::clone(node)];
        *node = Rc::new(Node::Branch { present, children });
    }
    match Rc::make_mut(node) {
        Node::Leaf { entries, .. } => {
            match entries.iter_mut().find(|known| known.key == entry.key) {
                Some(known) => known.value = entry.value,
                None => entries.push(entry),
            }
        }
        Node::Branch { present, children } => {
            let bit = bit(hash, depth);
            let at = place(*present, bit);
            match children.get_mut(at) {
                Some(child) if *present & bit != 0 => insert(child, depth + BITS, hash, entry),
                _ => {
                    *present |= bit;
                    let entries = vec![entry];
                    children.insert(at, Rc::new(Node::Leaf { hash, entries }));
                }
            }
        }
    }
}

fn remove<V: Clone>(node: &mut Rc<Node<V>>, depth: u32, hash: u64, key: &Key) -> Option<V> {
    match Rc::make_mut(node) {
        Node::Leaf { entries, .. } => {
            let at = entries.iter().position(|entry| entry.key == *key)?;
            Some(entries.remove(at).value)
        }
        Node::Branch { present, children } => {
            let bit = bit(hash, depth);
            let at = place(*present, bit);
            let child = children.get_mut(at).filter(|_| *present & bit != 0)?;
            let removed = remove(child, depth + BITS, hash, key);
            if child.is_empty() {
                children.remove(at);
                *present &= !bit;
            }
            removed
        }
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::{Key, Ordered};

    fn key(name: &str) -> Key {
        (None, name.into())
    }

    /// Each step of a long walk of changes leaves what an `IndexMap` holds, and leaves the copy
    /// from before as it was.
    #[test]
    fn it_holds_what_an_ordered_map_holds() {
        let mut map: Ordered<u32> = Ordered::default();
        let mut model: IndexMap<Key, u32> = IndexMap::new();
        let mut state = 7_u32;
        for step in 0..1000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let name = key(&format!("t{}", (state >> 8) % 200));
            let (before, old) = (map.clone(), model.clone());
            match state >> 29 {
                0..=3 => {
                    map.insert(name.clone(), step);
                    model.insert(name, step);
                }
                4 => {
                    if let Some(value) = map.get_mut(&name) {
                        *value = step;
                    }
                    if let Some(value) = model.get_mut(&name) {
                        *value = step;
                    }
                }
                _ => assert_eq!(map.remove(&name), model.shift_remove(&name)),
            }
            if step % 50 == 0 {
                assert!(map.iter().eq(model.iter()), "step {step}");
                assert!(before.iter().eq(old.iter()), "before step {step}");
            }
            let expected = model.iter().filter(|(name, v)| old.get(*name) != Some(*v));
            let found: Vec<_> = map.beside(&before, |one, other| one == other).collect();
            assert!(found.into_iter().eq(expected), "step {step}");
            let gone = old.iter().filter(|(name, v)| model.get(*name) != Some(*v));
            let found: Vec<_> = before.beside(&map, |one, other| one == other).collect();
            assert!(found.into_iter().eq(gone), "step {step}");
        }
    }

    thread_local! {
        static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    fn counted() {
        LOOKED_AT.with(|count| count.set(count.get() + 1));
    }

    #[derive(Debug)]
    struct Counted(u32);

    impl Clone for Counted {
        fn clone(&self) -> Self {
            counted();
            Self(self.0)
        }
    }

    /// A copy of many entries, a change and the question what differs look at a few of them.
    #[test]
    fn what_is_shared_is_not_looked_at() {
        let mut map = Ordered::default();
        for number in 0..20_000 {
            map.insert(key(&format!("t{number}")), Counted(number));
        }
        let before = map.clone();
        if let Some(value) = map.get_mut(&key("t777")) {
            value.0 = 0;
        }
        map.insert(key("new"), Counted(1));
        let same = |one: &Counted, other: &Counted| {
            counted();
            one.0 == other.0
        };
        let names: Vec<&str> = map.beside(&before, same).map(|(key, _)| &*key.1).collect();
        assert_eq!(names, ["t777", "new"]);
        let looked_at = LOOKED_AT.with(std::cell::Cell::get);
        assert!(looked_at < 200, "{looked_at}");
    }

    #[test]
    fn names_are_found_in_any_letter_case() {
        let mut map = Ordered::default();
        map.insert((Some("s".into()), "ÄPFEL".into()), 1);
        map.insert(key("äpfel"), 2);
        map.insert(key("apfel"), 3);
        let found: Vec<_> = map.named("Äpfel").map(|(_, value)| *value).collect();
        assert_eq!(found, [1, 2]);
        assert_eq!(map.get(&key("ÄPFEL")), None);
    }
}
