//! A value that must not be printed by accident.
//!
//! It has neither `Debug` nor `Display` nor `Serialize`, so an export cannot take one. The one way out is
//! [`Secret::expose`], which can be searched for, and the one way to disk is [`in_storage`], for `sessionStorage`.

/// A token, code, verifier or password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: only where it is sent, or shown because the user asked for it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// For `#[serde(with = "crate::base::secret::in_storage")]`: true values in this tab's `sessionStorage`, nowhere else.
pub mod in_storage {
    use super::Secret;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(secret: &Secret<T>, to: S) -> Result<S::Ok, S::Error> {
        secret.expose().serialize(to)
    }

    pub fn deserialize<'a, T: Deserialize<'a>, D: Deserializer<'a>>(from: D) -> Result<Secret<T>, D::Error> {
        T::deserialize(from).map(Secret::new)
    }

    /// The same for a secret that may be absent.
    pub mod option {
        use super::{Deserialize, Deserializer, Secret, Serialize, Serializer};

        pub fn serialize<T: Serialize, S: Serializer>(secret: &Option<Secret<T>>, to: S) -> Result<S::Ok, S::Error> {
            secret.as_ref().map(Secret::expose).serialize(to)
        }

        pub fn deserialize<'a, T: Deserialize<'a>, D: Deserializer<'a>>(
            from: D,
        ) -> Result<Option<Secret<T>>, D::Error> {
            Option::<T>::deserialize(from).map(|value| value.map(Secret::new))
        }
    }
}
