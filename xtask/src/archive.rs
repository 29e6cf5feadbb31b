//! Files in one: `.tar.gz` and `.zip`. The same files give the same bytes, on any machine: sorted, with one time, one owner
//! and set modes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, GzBuilder};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::error::Error;
use crate::site;

/// What an archive holds, by path.
pub struct Archive {
    files: BTreeMap<String, Vec<u8>>,
    /// Of every file, in seconds since the Unix epoch.
    time: u64,
}

impl Archive {
    pub fn new(time: u64) -> Self {
        Self { files: BTreeMap::new(), time }
    }

    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// A file, or a folder with all that is in it.
    pub fn add_from(&mut self, path: &str, from: &Path) -> Result<(), Error> {
        if !from.is_dir() {
            self.add(path, fs::read(from).map_err(Error::io(from))?);
            return Ok(());
        }
        for entry in site::entries(from)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            self.add_from(&format!("{path}/{name}"), &entry)?;
        }
        Ok(())
    }

    pub fn tar_gz(&self) -> io::Result<Vec<u8>> {
        let gzip: GzEncoder<Vec<u8>> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        let mut tar = tar::Builder::new(gzip);
        for (path, bytes) in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(mode(path));
            header.set_mtime(self.time);
            header.set_uid(0);
            header.set_gid(0);
            tar.append_data(&mut header, path, bytes.as_slice())?;
        }
        tar.into_inner()?.finish()
    }

    pub fn zip(&self) -> io::Result<Vec<u8>> {
        let mut zip = ZipArchiveWriter::new(Vec::new());
        for (path, bytes) in &self.files {
            let file = zip.new_file(path.as_str()).compression_method(CompressionMethod::DEFLATE);
            let time = UtcDateTime::from_unix(i64::try_from(self.time).unwrap_or_default());
            let (mut entry, config) =
                file.last_modified(time).unix_permissions(mode(path)).start().map_err(io::Error::other)?;
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::best()));
            writer.write_all(bytes)?;
            let (encoder, descriptor) = writer.finish().map_err(io::Error::other)?;
            encoder.finish()?;
            entry.finish(descriptor).map_err(io::Error::other)?;
        }
        zip.finish().map_err(io::Error::other)
    }
}

fn mode(path: &str) -> u32 {
    if path.ends_with(".sh") { 0o755 } else { 0o644 }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::PathBuf;
    use std::process::Command;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::command::{answer, program};

    /// 2026-11-29, 12:00:00 UTC.
    const TIME: u64 = 1_795_953_600;

    /// A name as long as that of a part of the page.
    fn part() -> String {
        format!("flowglass-0.1.0/dist/connection-{}_bg.wasm.br", "0123456789abcdef".repeat(4))
    }

    /// A folder as a build leaves it; its files are as old as `age` says.
    fn folder(name: &str, age: u64) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask").join(name);
        drop(fs::remove_dir_all(&folder));
        for (path, text) in [("index.html", "<title>"), ("oauth/callback/index.html", "<title>"), ("b.js", "")] {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age);
            fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
        }
        folder
    }

    fn packed(name: &str, age: u64) -> Archive {
        let mut archive = Archive::new(TIME);
        archive.add_from("flowglass-0.1.0/dist", &folder(name, age)).unwrap();
        archive.add("flowglass-0.1.0/hosting/place.sh", "#!/bin/sh\n");
        archive.add(part(), vec![7; 100_000]);
        archive
    }

    #[test]
    fn a_folder_packed_twice_is_the_same_to_the_byte_however_old_its_files_are() {
        let [first, second] = [packed("packed-first", 0), packed("packed-second", 90_000)];
        assert_eq!(first.tar_gz().unwrap(), second.tar_gz().unwrap());
        assert_eq!(first.zip().unwrap(), second.zip().unwrap());
    }

    #[test]
    fn the_tar_archive_opens_with_its_files_sorted() {
        let bytes = packed("packed-tar", 0).tar_gz().unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let mut found = Vec::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let (mode, time) = (entry.header().mode().unwrap(), entry.header().mtime().unwrap());
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            found.push((path, mode, time, content.len()));
        }
        let expected = [
            ("flowglass-0.1.0/dist/b.js".to_owned(), 0o644, TIME, 0),
            (part(), 0o644, TIME, 100_000),
            ("flowglass-0.1.0/dist/index.html".to_owned(), 0o644, TIME, 7),
            ("flowglass-0.1.0/dist/oauth/callback/index.html".to_owned(), 0o644, TIME, 7),
            ("flowglass-0.1.0/hosting/place.sh".to_owned(), 0o755, TIME, 10),
        ];
        assert_eq!(found, expected);
    }

    /// By programs that everybody has: `tar`, and for zip Python, where it is installed.
    #[test]
    fn the_archives_open_with_the_tools_of_the_system() {
        let archive = packed("packed-system", 0);
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask");
        let [gz, zip] = ["opened.tar.gz", "opened.zip"].map(|it| place.join(it));
        fs::write(&gz, archive.tar_gz().unwrap()).unwrap();
        fs::write(&zip, archive.zip().unwrap()).unwrap();
        let listed = answer(Command::new("tar").arg("-tzf").arg(&gz)).unwrap();
        assert!(listed.lines().eq(archive.files.keys()), "{listed}");
        let has_python = answer(program("python3").arg("--version")).is_some();
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; \
                      print(*z.namelist(), sep='\\n')";
        let listed = answer(program("python3").args(["-c", script]).arg(&zip));
        assert!(!has_python || listed.is_some_and(|it| it.lines().eq(archive.files.keys())));
    }

    #[test]
    fn the_zip_archive_opens_with_what_was_packed() {
        let bytes = packed("packed-zip", 0).zip().unwrap();
        let zip = rawzip::ZipArchive::from_slice(&bytes).unwrap();
        let mut entries = zip.entries();
        let mut found = BTreeMap::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            let path = entry.file_path().try_normalize().unwrap().as_ref().to_owned();
            let local = zip.get_entry(entry.wayfinder()).unwrap();
            let mut content = Vec::new();
            let decoder = flate2::bufread::DeflateDecoder::new(local.data());
            local.verifying_reader(decoder).read_to_end(&mut content).unwrap();
            found.insert(path, content);
        }
        assert_eq!(found, packed("packed-zip", 0).files);
    }
}
