//! Where it is taught and by whom. Institutions and street addresses are invented; cities and provinces are real.

/// A city with a public training centre (BLK) in the demo.
pub(super) struct Place {
    /// Part of the slug; never changes.
    pub(super) key: &'static str,
    /// City as people say it.
    pub(super) city: &'static str,
    /// City or regency as on an envelope.
    pub(super) regency: &'static str,
    /// Kemendagri province code.
    pub(super) province: &'static str,
    /// Street address of the centre.
    pub(super) address: &'static str,
    /// `WIB`, `WITA` or `WIT`.
    pub(super) zone: &'static str,
    /// Skills that the centre teaches in its workshops, by key: what the town lives from.
    pub(super) workshops: [&'static str; 4],
    /// The skill that it teaches online.
    pub(super) online: &'static str,
}

macro_rules! places {
    ($($key:literal, $city:literal, $regency:literal, $province:literal, $address:literal, $zone:literal,
        [$a:literal, $b:literal, $c:literal, $d:literal], $online:literal;)*) => {
        &[$(Place { key: $key, city: $city, regency: $regency, province: $province, address: $address, zone: $zone,
            workshops: [$a, $b, $c, $d], online: $online }),*]
    };
}

/// All cities; the first rollout provinces come first.
#[rustfmt::skip]
pub(super) const PLACES: &[Place] = places![
    "batam", "Batam", "Kota Batam", "21", "Jl. Industri Raya No. 8, Batam Kota", "WIB",
        ["las-smaw", "elektronika-rakitan", "forklift", "cnc"], "keselamatan-kerja";
    "tanjungpinang", "Tanjungpinang", "Kota Tanjungpinang", "21", "Jl. Pemuda Bahari No. 21, Bukit Bestari", "WIB",
        ["pengolahan-ikan", "menjahit", "sepeda-motor", "tata-hidang"], "administrasi-perkantoran";
    "manado", "Manado", "Kota Manado", "71", "Jl. Karya Bersama No. 14, Mapanget", "WITA",
        ["selam-pemandu", "roti-kue", "instalasi-listrik", "tata-graha"], "resepsionis";
    "bitung", "Bitung", "Kota Bitung", "71", "Jl. Samudra Pasifik No. 3, Maesa", "WITA",
        ["pengolahan-ikan", "awak-kapal-ikan", "las-smaw", "pendingin-ruangan"], "gudang";
    "denpasar", "Denpasar", "Kota Denpasar", "51", "Jl. Taman Kerja No. 27, Denpasar Utara", "WITA",
        ["tata-hidang", "pijat-spa", "juru-masak", "kayu-mebel"], "bahasa-inggris-kerja";
    "singaraja", "Singaraja", "Kab. Buleleng", "51", "Jl. Pantai Utara No. 45, Buleleng", "WITA",
        ["tata-graha", "rumput-laut", "barista", "batik"], "pemandu-wisata";
    "jakarta-timur", "Jakarta Timur", "Kota Adm. Jakarta Timur", "31", "Jl. Pelatihan Raya No. 2, Ciracas", "WIB",
        ["mobil-injeksi", "teknisi-komputer", "pendingin-ruangan", "potong-rambut"], "pemrograman-web";
    "bandung", "Bandung", "Kota Bandung", "32", "Jl. Cipta Karya No. 170, Batununggal", "WIB",
        ["operator-garmen", "cnc", "barista", "teknisi-komputer"], "desain-grafis";
    "bekasi", "Bekasi", "Kota Bekasi", "32", "Jl. Kawasan Mandiri No. 11, Bekasi Timur", "WIB",
        ["forklift", "elektronika-rakitan", "las-gtaw", "perawat-lansia"], "bahasa-jepang";
    "semarang", "Semarang", "Kota Semarang", "33", "Jl. Tugu Karya No. 9, Semarang Barat", "WIB",
        ["menjahit", "mobil-injeksi", "batu-bata-plester", "tata-rias"], "akuntansi-dasar";
    "surakarta", "Surakarta", "Kota Surakarta", "33", "Jl. Sekar Jagad No. 5, Jebres", "WIB",
        ["batik", "kayu-mebel", "operator-garmen", "sepeda-motor"], "fotografi-produk";
    "sleman", "Sleman", "Kab. Sleman", "34", "Jl. Kerja Rukun No. 32, Depok", "WIB",
        ["juru-masak", "servis-ponsel", "perawat-lansia", "kayu-mebel"], "toko-daring";
    "surabaya", "Surabaya", "Kota Surabaya", "35", "Jl. Dharma Kerja No. 88, Wonocolo", "WIB",
        ["las-gtaw", "instalasi-listrik", "mobil-injeksi", "menjahit"], "gambar-teknik";
    "malang", "Malang", "Kota Malang", "35", "Jl. Apel Hijau No. 17, Lowokwaru", "WIB",
        ["roti-kue", "tata-hidang", "sepeda-motor", "cctv-jaringan"], "hidroponik";
    "serang", "Serang", "Kota Serang", "36", "Jl. Banten Kerja No. 6, Cipocok Jaya", "WIB",
        ["las-smaw", "operator-garmen", "pipa-air", "pendingin-ruangan"], "kasir-ritel";
    "medan", "Medan", "Kota Medan", "12", "Jl. Gatra Karya No. 51, Medan Sunggal", "WIB",
        ["sepeda-motor", "tata-rias", "instalasi-listrik", "juru-masak"], "bahasa-mandarin";
    "padang", "Padang", "Kota Padang", "13", "Jl. Bukit Kerja No. 29, Koto Tangah", "WIB",
        ["juru-masak", "menjahit", "batu-bata-plester", "awak-kapal-ikan"], "pembukuan-umk";
    "pekanbaru", "Pekanbaru", "Kota Pekanbaru", "14", "Jl. Lancang Kuning No. 40, Tampan", "WIB",
        ["las-smaw", "mekanisasi-pertanian", "pipa-air", "mengemudi"], "budidaya-ikan-air-tawar";
    "palembang", "Palembang", "Kota Palembang", "16", "Jl. Musi Karya No. 13, Sako", "WIB",
        ["mobil-injeksi", "roti-kue", "instalasi-listrik", "potong-rambut"], "perencanaan-usaha";
    "bandar-lampung", "Bandar Lampung", "Kota Bandar Lampung", "18", "Jl. Pagar Kerja No. 25, Kemiling", "WIB",
        ["mekanisasi-pertanian", "barista", "menjahit", "pendingin-ruangan"], "pupuk-organik";
    "pontianak", "Pontianak", "Kota Pontianak", "61", "Jl. Khatulistiwa Karya No. 7, Pontianak Utara", "WIB",
        ["kayu-mebel", "sepeda-motor", "pipa-air", "tata-rias"], "pelayanan-pelanggan";
    "samarinda", "Samarinda", "Kota Samarinda", "64", "Jl. Mahakam Kerja No. 19, Sungai Kunjang", "WITA",
        ["las-gtaw", "forklift", "mobil-injeksi", "mengemudi"], "keselamatan-kerja";
    "makassar", "Makassar", "Kota Makassar", "73", "Jl. Bahari Karya No. 60, Tamalanrea", "WITA",
        ["pengolahan-ikan", "instalasi-listrik", "batu-bata-plester", "tata-graha"], "pengolah-kata-lembar-sebar";
    "kendari", "Kendari", "Kota Kendari", "74", "Jl. Anoa Kerja No. 4, Kadia", "WITA",
        ["rumput-laut", "las-smaw", "menjahit", "sepeda-motor"], "panel-surya";
    "lombok-timur", "Selong", "Kab. Lombok Timur", "52", "Jl. Rinjani Karya No. 12, Selong", "WITA",
        ["tata-hidang", "mekanisasi-pertanian", "batu-bata-plester", "potong-rambut"], "anyaman";
    "kupang", "Kupang", "Kota Kupang", "53", "Jl. Timor Kerja No. 33, Oebobo", "WITA",
        ["pipa-air", "sepeda-motor", "roti-kue", "awak-kapal-ikan"], "pengasuh-anak";
    "ambon", "Ambon", "Kota Ambon", "81", "Jl. Teluk Karya No. 16, Teluk Ambon", "WIT",
        ["awak-kapal-ikan", "pengolahan-ikan", "instalasi-listrik", "juru-masak"], "servis-ponsel";
    "jayapura", "Jayapura", "Kota Jayapura", "91", "Jl. Cenderawasih Kerja No. 10, Heram", "WIT",
        ["batu-bata-plester", "kayu-mebel", "sepeda-motor", "menjahit"], "cctv-jaringan";
    "sorong", "Sorong", "Kota Sorong", "96", "Jl. Kasuari Karya No. 22, Sorong Utara", "WIT",
        ["selam-pemandu", "las-smaw", "pendingin-ruangan", "pengolahan-ikan"], "homestay";
];

/// Institutions whose trainings are paid from the training balance.
pub(super) const INSTITUTIONS: &[&str] = &[
    "Lembaga Kursus Bina Terampil Nusantara",
    "Akademi Keterampilan Cendana",
    "Pusat Belajar Karya Muda",
    "Balai Kursus Sinar Pagi",
    "Sekolah Vokasi Bahtera",
    "Yayasan Terampil Mandiri",
    "Lembaga Pelatihan Garuda Karya",
    "Rumah Belajar Anggrek",
    "Institut Vokasi Delima",
    "Lembaga Kursus Mitra Usaha Rakyat",
    "Pusat Pelatihan Cakrawala",
    "Sanggar Keterampilan Melati",
];

/// Streets in which they have their rooms: names that every town has.
pub(super) const STREETS: &[&str] = &[
    "Jl. Melati",
    "Jl. Kenanga",
    "Jl. Cempaka",
    "Jl. Flamboyan",
    "Jl. Merpati",
    "Jl. Rajawali",
    "Jl. Mawar Indah",
    "Jl. Pahlawan",
    "Jl. Veteran",
    "Jl. Pemuda",
    "Jl. Pendidikan",
    "Jl. Bunga Raya",
];

/// Platforms that list paid trainings; free ones are listed by `SISNAKER`.
pub(super) const PLATFORMS: &[&str] = &["Kelas Nusantara", "Ruang Terampil", "Pasar Pelatihan", "Belajar Karya"];
