//! What is taught: one row per occupation, from which the demo's trainings are written.
//!
//! The texts are original and invented for the demo. They are data, in Indonesian, and are edited here like any text.

/// A skill with the words that its titles and summaries are made of.
pub(super) struct Skill {
    /// Part of the slug; never changes.
    pub(super) key: &'static str,
    /// Name in a title.
    pub(super) name: &'static str,
    /// Field of work.
    pub(super) field: &'static str,
    /// Four topics, from easy to hard, each readable in the middle of a sentence.
    pub(super) topics: [&'static str; 4],
    /// Whom it suits, after "cocok untuk".
    pub(super) audience: &'static str,
    /// What one brings or knows.
    pub(super) needs: &'static [&'static str],
    /// Hours of the basic level.
    pub(super) hours: u32,
    /// Price of the basic level in thousands of rupiah, where it is paid.
    pub(super) price_k: i64,
    /// How it can be taught.
    pub(super) ways: Ways,
}

/// How a skill can be taught.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ways {
    /// Only with one's hands, in a workshop.
    Hands,
    /// Only on a screen.
    Screen,
    /// Both.
    Both,
}

impl Ways {
    pub(super) fn in_person(self) -> bool {
        self != Self::Screen
    }

    pub(super) fn online(self) -> bool {
        self != Self::Hands
    }
}

const CLOSED_SHOES: &str = "Sepatu tertutup dan celana panjang";
const LAPTOP: &str = "Laptop atau komputer dengan koneksi internet";
const PHONE: &str = "Ponsel dengan kamera dan koneksi internet";
const READ: &str = "Bisa membaca, menulis, dan berhitung";
const HEALTHY: &str = "Sehat jasmani";

macro_rules! skills {
    ($($key:literal, $name:literal, $field:literal, [$a:literal, $b:literal, $c:literal, $d:literal], $audience:literal,
        [$($need:expr),*], $hours:literal, $price:literal, $ways:ident;)*) => {
        &[$(Skill { key: $key, name: $name, field: $field, topics: [$a, $b, $c, $d], audience: $audience,
            needs: &[$($need),*], hours: $hours, price_k: $price, ways: Ways::$ways }),*]
    };
}

/// All skills.
#[rustfmt::skip]
pub(super) const SKILLS: &[Skill] = skills![
    "administrasi-perkantoran", "Administrasi Perkantoran", "Administrasi",
        ["menata surat masuk dan keluar", "mengarsipkan dokumen", "menyusun jadwal rapat", "membuat laporan kegiatan"],
        "lulusan SMA/SMK yang ingin bekerja di kantor", [LAPTOP], 20, 275, Both;
    "pengolah-kata-lembar-sebar", "Aplikasi Perkantoran: Dokumen dan Lembar Sebar", "Administrasi",
        ["mengetik dan merapikan dokumen", "memakai rumus dasar", "membuat tabel dan grafik", "meringkas data dengan tabel pivot"],
        "pencari kerja yang sering diminta menguasai komputer", [LAPTOP], 24, 250, Both;
    "sekretaris", "Sekretaris Profesional", "Administrasi",
        ["menerima tamu dan telepon", "mengatur perjalanan dinas", "menulis notulen rapat", "menangani dokumen rahasia"],
        "staf kantor yang ingin naik tanggung jawab", [LAPTOP, "Pernah bekerja atau magang di kantor"], 28, 450, Screen;
    "entri-data", "Entri Data", "Administrasi",
        ["mengetik cepat tanpa salah", "memeriksa data ganda", "menata formulir digital", "menyerahkan data dengan aman"],
        "pemula yang mencari pekerjaan lepas dari rumah", [LAPTOP], 16, 175, Screen;
    "pelayanan-pelanggan", "Layanan Pelanggan", "Layanan",
        ["menyapa dan mendengarkan pelanggan", "menjawab keluhan lewat telepon dan obrolan", "mencatat kasus", "menenangkan pelanggan yang marah"],
        "calon petugas layanan dan kasir", [READ], 18, 225, Both;
    "kasir-ritel", "Kasir dan Pramuniaga Ritel", "Ritel",
        ["menyapa pembeli", "mengoperasikan mesin kasir", "menghitung setoran harian", "mencegah selisih stok"],
        "lulusan SMP atau SMA yang ingin bekerja di toko", [READ], 16, 200, Both;
    "barista", "Barista Kopi Nusantara", "Kuliner",
        ["mengenal biji kopi daerah", "menyeduh manual", "mengatur giling dan ekstraksi espreso", "membuat latte art sederhana"],
        "kamu yang ingin bekerja di kedai kopi", [HEALTHY, CLOSED_SHOES], 32, 850, Hands;
    "roti-kue", "Roti dan Kue", "Kuliner",
        ["menimbang bahan", "menguleni dan memfermentasi adonan", "memanggang dengan suhu tepat", "menghias dan mengemas"],
        "ibu rumah tangga dan calon pengusaha kue", ["Celemek dan penutup kepala"], 30, 650, Hands;
    "jajanan-pasar", "Jajanan Pasar untuk Dijual", "Kuliner",
        ["memilih tepung dan santan", "membuat kue kukus dan kue goreng", "menjaga rasa tetap sama", "menghitung harga jual"],
        "pemula yang ingin berjualan dari rumah", [PHONE], 16, 180, Screen;
    "juru-masak", "Juru Masak Masakan Indonesia", "Kuliner",
        ["memotong dan menyiapkan bahan", "membuat bumbu dasar putih, kuning, dan merah", "memasak dalam jumlah besar", "menjaga kebersihan dapur"],
        "calon juru masak hotel, katering, dan kapal", [CLOSED_SHOES, HEALTHY], 40, 900, Hands;
    "pengolahan-ikan", "Pengolahan Hasil Perikanan", "Perikanan",
        ["memilih ikan segar", "membersihkan dan memfilet", "membuat abon, bakso, dan kerupuk ikan", "menerapkan sanitasi dan izin pangan rumahan"],
        "keluarga nelayan dan pelaku usaha kecil", [HEALTHY], 30, 500, Hands;
    "budidaya-ikan-air-tawar", "Budidaya Ikan Air Tawar", "Perikanan",
        ["menyiapkan kolam terpal", "memilih benih", "mengatur pakan dan mutu air", "menghitung panen dan laba"],
        "pemilik lahan sempit yang ingin beternak lele atau nila", [READ], 20, 240, Both;
    "awak-kapal-ikan", "Dasar Awak Kapal Perikanan", "Perikanan",
        ["mengenal alat tangkap", "merawat jaring dan tali", "menangani ikan di atas kapal", "menyelamatkan diri di laut"],
        "pemuda pesisir yang ingin melaut dengan aman", [HEALTHY, "Bisa berenang"], 40, 950, Hands;
    "rumput-laut", "Budidaya dan Olahan Rumput Laut", "Perikanan",
        ["memilih bibit", "memasang tali rentang", "menjemur sampai kering merata", "mengolah menjadi minuman dan camilan"],
        "pembudidaya di pulau dan pesisir", [HEALTHY], 24, 320, Hands;
    "hidroponik", "Sayur Hidroponik", "Pertanian",
        ["menyemai benih", "meracik nutrisi", "merawat instalasi pipa", "menjual ke warung dan pasar swalayan"],
        "warga kota yang ingin memanfaatkan halaman", [PHONE], 16, 210, Both;
    "pupuk-organik", "Pupuk Organik dari Sampah Dapur", "Pertanian",
        ["memilah sampah", "membuat kompos dan pupuk cair", "menguji hasilnya", "mengemas dan memasarkan"],
        "kelompok tani dan karang taruna", [READ], 15, 150, Both;
    "mekanisasi-pertanian", "Operator Traktor dan Alat Pertanian", "Pertanian",
        ["memeriksa mesin sebelum dipakai", "mengolah tanah dengan traktor tangan", "merawat mesin diesel kecil", "menghitung biaya olah per hektare"],
        "petani muda dan penyedia jasa alat", [CLOSED_SHOES, HEALTHY], 40, 780, Hands;
    "sepeda-motor", "Mekanik Sepeda Motor", "Otomotif",
        ["membaca buku servis", "menyervis mesin empat tak secara berkala", "memperbaiki sistem injeksi", "mendiagnosis kelistrikan"],
        "lulusan SMP atau SMA yang ingin bekerja di bengkel", [CLOSED_SHOES, HEALTHY], 48, 1100, Hands;
    "mobil-injeksi", "Mekanik Mobil Bensin Injeksi", "Otomotif",
        ["mengganti oli dan saringan", "memeriksa rem dan kaki-kaki", "membaca kode kerusakan dengan pemindai", "menyetel sistem injeksi"],
        "mekanik pemula", [CLOSED_SHOES, "Pernah memegang alat bengkel"], 60, 1500, Hands;
    "motor-listrik", "Perawatan Sepeda Motor Listrik", "Otomotif",
        ["mengenal motor, pengendali, dan baterai", "memeriksa tegangan dengan aman", "merawat dan menyeimbangkan baterai", "mencari kerusakan pengendali"],
        "mekanik yang ingin siap menghadapi kendaraan listrik", [CLOSED_SHOES], 30, 1200, Both;
    "mengemudi", "Mengemudi Mobil dengan Aman", "Transportasi",
        ["memeriksa kendaraan", "mengemudi di lapangan", "mengemudi hemat bahan bakar", "mengutamakan keselamatan di jalan"],
        "calon pengemudi kantor dan antar barang", ["KTP dan sehat jasmani", "Penglihatan baik, boleh berkacamata"], 24, 1250, Hands;
    "forklift", "Operator Forklift", "Logistik",
        ["memeriksa harian", "mengangkat dan menumpuk palet", "membaca beban dan titik berat", "menyiapkan uji lisensi"],
        "pekerja gudang dan pelabuhan", [CLOSED_SHOES, HEALTHY], 32, 1750, Hands;
    "gudang", "Administrasi dan Tata Kelola Gudang", "Logistik",
        ["menerima dan memeriksa barang", "menata lokasi simpan", "mencatat stok dengan pemindai", "menghitung stok berkala"],
        "pencari kerja di kawasan industri dan pelabuhan", [READ], 24, 350, Both;
    "ekspor-impor", "Dokumen Ekspor untuk Usaha Kecil", "Logistik",
        ["memilih kode barang", "menyiapkan faktur dan daftar kemasan", "mengurus keterangan asal", "menghitung biaya kirim"],
        "pelaku usaha kecil yang ingin menjual ke luar negeri", [LAPTOP], 20, 480, Screen;
    "las-smaw", "Las Busur Manual (SMAW)", "Manufaktur",
        ["menyetel mesin dan memilih elektroda", "mengelas posisi datar dan mendatar", "mengelas posisi tegak", "memeriksa cacat las"],
        "calon juru las galangan dan konstruksi", [CLOSED_SHOES, HEALTHY, "Tidak buta warna"], 80, 2200, Hands;
    "las-gtaw", "Las Argon (GTAW)", "Manufaktur",
        ["menyiapkan tungsten dan gas", "mengelas pelat tipis", "mengelas pipa baja tahan karat", "membaca gambar las"],
        "juru las yang ingin naik kelas", [CLOSED_SHOES, "Sudah bisa mengelas SMAW"], 80, 2900, Hands;
    "cnc", "Operator Mesin CNC", "Manufaktur",
        ["membaca gambar teknik", "memasang alat potong", "menulis program sederhana", "mengukur hasil dengan jangka sorong dan mikrometer"],
        "lulusan SMK mesin", [CLOSED_SHOES, "Paham gambar teknik dasar"], 60, 2400, Hands;
    "gambar-teknik", "Gambar Teknik dengan Komputer", "Manufaktur",
        ["mengatur lembar kerja", "menggambar dua dimensi", "memberi ukuran dan toleransi", "menyiapkan gambar untuk bengkel"],
        "drafter pemula", [LAPTOP], 30, 420, Both;
    "keselamatan-kerja", "Keselamatan dan Kesehatan Kerja Dasar", "Manufaktur",
        ["mengenali bahaya di tempat kerja", "memilih alat pelindung diri", "bertindak saat kebakaran", "melaporkan kejadian hampir celaka"],
        "semua pekerja pabrik, galangan, dan konstruksi", [READ], 16, 230, Both;
    "instalasi-listrik", "Instalasi Listrik Bangunan Sederhana", "Kelistrikan",
        ["membaca gambar instalasi", "memasang kabel, sakelar, dan stopkontak", "memasang pembatas dan pembumian", "menguji instalasi sebelum dialiri listrik"],
        "calon teknisi listrik rumah", [CLOSED_SHOES, "Tidak buta warna"], 48, 1150, Hands;
    "panel-surya", "Pemasangan Panel Surya Atap", "Kelistrikan",
        ["menghitung kebutuhan daya", "memasang rangka dan panel", "menyambung inverter dan baterai", "merawat dan mencari gangguan"],
        "teknisi di kota dan di pulau yang belum terlistriki penuh", [CLOSED_SHOES, "Berani bekerja di ketinggian"], 40, 1600, Both;
    "pendingin-ruangan", "Teknisi AC Rumah", "Kelistrikan",
        ["mengenal daur pendinginan", "mencuci AC", "memasang unit dalam dan luar", "mengisi refrigeran tanpa bocor"],
        "pemuda yang ingin membuka jasa servis", [CLOSED_SHOES, HEALTHY], 40, 1050, Hands;
    "servis-ponsel", "Servis Telepon Genggam", "Elektronika",
        ["membongkar tanpa merusak", "mengganti layar dan baterai", "membaca skema dan mengukur jalur", "memperbaiki kerusakan perangkat lunak"],
        "calon teknisi kios ponsel", ["Penglihatan baik, boleh berkacamata"], 32, 980, Both;
    "elektronika-rakitan", "Perakitan Elektronika Industri", "Elektronika",
        ["mengenal komponen", "menyolder dengan rapi", "bekerja bebas listrik statis", "memeriksa mutu papan rangkaian"],
        "calon operator pabrik elektronika", [CLOSED_SHOES, "Tidak buta warna"], 40, 700, Hands;
    "cctv-jaringan", "Pemasangan CCTV dan Jaringan Rumah", "Elektronika",
        ["memilih kamera dan titik pasang", "menarik dan menyambung kabel", "mengatur perekam", "melihat kamera dari jauh dengan aman"],
        "teknisi jaringan pemula", [CLOSED_SHOES], 30, 880, Both;
    "batu-bata-plester", "Tukang Batu dan Plester", "Konstruksi",
        ["membaca gambar denah", "memasang bata lurus dan siku", "memplester dan mengaci", "menghitung bahan"],
        "pekerja bangunan yang ingin bersertifikat", [CLOSED_SHOES, HEALTHY], 40, 550, Hands;
    "kayu-mebel", "Tukang Kayu dan Mebel", "Konstruksi",
        ["memilih kayu", "mengukur dan memotong tepat", "membuat sambungan", "mengamplas dan memelitur"],
        "perajin muda", [CLOSED_SHOES, HEALTHY], 48, 750, Hands;
    "pipa-air", "Instalasi Pipa Air Bersih", "Konstruksi",
        ["membaca jalur pipa", "memotong dan menyambung pipa", "memasang pompa dan tandon", "menguji kebocoran"],
        "calon tukang pipa", [CLOSED_SHOES], 30, 600, Hands;
    "estimasi-biaya", "Menghitung Rencana Anggaran Biaya Bangunan", "Konstruksi",
        ["menghitung volume pekerjaan", "mencari harga satuan", "menyusun anggaran di lembar sebar", "menyiapkan penawaran"],
        "pelaksana dan mandor", [LAPTOP], 20, 380, Screen;
    "menjahit", "Menjahit Pakaian", "Tata Busana",
        ["mengoperasikan mesin jahit", "mengukur badan dan membuat pola", "menjahit blus dan rok", "menyelesaikan dan menyetrika"],
        "ibu rumah tangga dan calon penjahit", ["Gunting kain dan pita ukur"], 60, 900, Hands;
    "operator-garmen", "Operator Jahit Garmen", "Tata Busana",
        ["mengenal mesin industri", "menjahit lurus dengan kecepatan tetap", "merakit kemeja per bagian", "memeriksa mutu jahitan"],
        "calon pekerja pabrik garmen", [HEALTHY], 48, 600, Hands;
    "batik", "Batik Tulis dan Cap", "Kerajinan",
        ["mengenal motif dan maknanya", "mencanting dan mengecap", "mewarnai dan melorod", "menetapkan harga kain"],
        "perajin dan pecinta budaya", ["Pakaian yang boleh terkena warna"], 40, 800, Hands;
    "anyaman", "Anyaman Rotan dan Pandan", "Kerajinan",
        ["menyiapkan bahan", "membuat dasar dan dinding anyaman", "membentuk tas dan keranjang", "memotret produk untuk dijual"],
        "perajin desa wisata", [READ], 30, 400, Both;
    "tata-rias", "Tata Rias Wajah", "Kecantikan",
        ["membersihkan dan menyiapkan kulit", "merias sehari-hari", "merias pesta dan pengantin", "menjaga kebersihan alat"],
        "kamu yang ingin menjadi perias", ["Cermin kecil dan kuas rias sendiri"], 40, 950, Both;
    "potong-rambut", "Potong Rambut Pria", "Kecantikan",
        ["memegang gunting dan alat cukur", "memotong gaya dasar", "membuat gradasi halus", "merawat alat dan pelanggan"],
        "pemuda yang ingin membuka pangkas rambut", [HEALTHY], 32, 850, Hands;
    "pijat-spa", "Terapis Spa", "Kecantikan",
        ["mengenal titik dan kontraindikasi", "memijat untuk relaksasi", "membalurkan lulur dan boreh", "melayani tamu dengan sopan"],
        "calon terapis hotel dan spa", [HEALTHY, "Kuku pendek dan bersih"], 60, 1400, Hands;
    "tata-graha", "Tata Graha Hotel", "Pariwisata",
        ["menata tempat tidur", "membersihkan kamar mandi menurut urutan", "menangani barang tamu", "melapor dengan bahasa Inggris sederhana"],
        "calon pramukamar", [CLOSED_SHOES, HEALTHY], 40, 900, Hands;
    "tata-hidang", "Tata Hidang Restoran", "Pariwisata",
        ["menyambut dan mendudukkan tamu", "mencatat pesanan", "menyajikan dan membersihkan meja", "menangani pembayaran dan keluhan"],
        "calon pramusaji hotel dan kapal pesiar", [CLOSED_SHOES, HEALTHY], 40, 900, Hands;
    "resepsionis", "Resepsionis Hotel", "Pariwisata",
        ["menerima pemesanan", "melayani tamu datang dan pergi", "menghitung tagihan", "menjawab telepon dalam bahasa Inggris"],
        "lulusan SMA/SMK yang percaya diri", ["Bahasa Inggris dasar"], 30, 550, Both;
    "pemandu-wisata", "Pemandu Wisata Lokal", "Pariwisata",
        ["menyusun rute", "bercerita tentang tempat", "menjaga keselamatan rombongan", "mengurus keadaan darurat"],
        "warga desa wisata", [HEALTHY], 24, 450, Both;
    "selam-pemandu", "Asisten Pemandu Selam dan Snorkel", "Pariwisata",
        ["menyiapkan alat", "memberi arahan sebelum turun", "mendampingi tamu di air", "menolong korban dengan bantuan hidup dasar"],
        "pemuda pesisir di daerah tujuan wisata", [HEALTHY, "Bisa berenang 200 meter"], 40, 1900, Hands;
    "homestay", "Mengelola Homestay", "Pariwisata",
        ["menyiapkan kamar yang bersih", "menulis iklan dan memotret rumah", "mengatur pesanan dari aplikasi", "menghitung biaya dan laba"],
        "pemilik rumah di desa wisata", [PHONE], 16, 260, Screen;
    "bahasa-inggris-kerja", "Bahasa Inggris untuk Bekerja", "Bahasa",
        ["memperkenalkan diri", "menjawab wawancara", "menulis surel singkat", "berbicara dengan tamu dan atasan"],
        "pencari kerja", [READ], 30, 390, Both;
    "bahasa-jepang", "Bahasa Jepang Dasar N5", "Bahasa",
        ["membaca hiragana dan katakana", "menyapa dan memperkenalkan diri", "memakai pola kalimat dasar", "berlatih soal N5"],
        "calon peserta magang ke Jepang", [READ], 60, 650, Both;
    "bahasa-mandarin", "Bahasa Mandarin untuk Layanan", "Bahasa",
        ["melafalkan nada", "menghitung dan menyebut harga", "melayani tamu", "membaca papan dan menu"],
        "pekerja hotel, toko, dan pabrik", [READ], 40, 520, Both;
    "desain-grafis", "Desain Grafis untuk Media Sosial", "Desain",
        ["memilih huruf dan warna", "menyusun tata letak", "membuat poster dan katalog", "menyiapkan berkas untuk cetak dan layar"],
        "pemula yang suka menggambar", [LAPTOP], 24, 350, Both;
    "video-pendek", "Video Pendek dengan Ponsel", "Desain",
        ["menulis naskah singkat", "merekam dengan cahaya alami", "menyunting dan memberi teks", "mengukur tontonan"],
        "pelaku usaha kecil dan pembuat konten", [PHONE], 16, 220, Screen;
    "fotografi-produk", "Fotografi Produk", "Desain",
        ["menata cahaya murah", "menyusun latar", "menyunting di ponsel", "membuat katalog"],
        "penjual daring", [PHONE], 15, 200, Both;
    "pemrograman-web", "Pemrograman Web", "Teknologi Informasi",
        ["menulis HTML dan CSS", "membuat halaman interaktif dengan JavaScript", "menyimpan data di peladen", "memasang situs dengan aman"],
        "pemula yang ingin menjadi pemrogram", [LAPTOP], 60, 750, Both;
    "pemrograman-python", "Pemrograman Python", "Teknologi Informasi",
        ["menulis program pertama", "mengolah berkas dan tabel", "mengambil data dari internet", "membuat laporan otomatis"],
        "staf kantor dan mahasiswa tingkat akhir", [LAPTOP], 40, 600, Screen;
    "analisis-data", "Analisis Data", "Teknologi Informasi",
        ["membersihkan data", "meringkas dan memvisualkan", "menulis kueri SQL", "menyampaikan temuan kepada atasan"],
        "staf administrasi yang ingin beralih bidang", [LAPTOP, "Terbiasa memakai lembar sebar"], 40, 680, Screen;
    "teknisi-komputer", "Teknisi Komputer dan Jaringan", "Teknologi Informasi",
        ["merakit komputer", "memasang sistem operasi", "membuat jaringan kecil", "mencadangkan dan memulihkan data"],
        "lulusan SMP, SMA, dan SMK", [CLOSED_SHOES], 48, 850, Hands;
    "keamanan-digital", "Keamanan Digital Sehari-hari", "Teknologi Informasi",
        ["membuat kata sandi yang kuat", "mengenali penipuan", "mengamankan ponsel dan surel", "bertindak saat akun diretas"],
        "semua orang yang bekerja dengan internet", [PHONE], 15, 125, Screen;
    "toko-daring", "Membuka Toko Daring", "Pemasaran Digital",
        ["memilih produk", "menulis judul dan keterangan", "mengatur ongkos kirim", "membaca laporan penjualan"],
        "pelaku usaha mikro dan kecil", [PHONE], 16, 200, Both;
    "iklan-media-sosial", "Iklan Media Sosial", "Pemasaran Digital",
        ["menentukan calon pembeli", "menulis iklan", "mengatur anggaran harian", "mengukur hasil dan memperbaikinya"],
        "penjual daring yang sudah berjalan", [LAPTOP], 20, 375, Screen;
    "penulisan-konten", "Penulisan Konten", "Pemasaran Digital",
        ["mencari ide dan kata kunci", "menulis pembuka yang menarik", "menyunting naskah", "menyusun portofolio"],
        "penulis pemula", [LAPTOP], 18, 260, Screen;
    "pembukuan-umk", "Pembukuan Usaha Mikro dan Kecil", "Keuangan",
        ["memisahkan uang usaha dan rumah tangga", "mencatat kas harian", "menghitung laba", "menyiapkan berkas pinjaman"],
        "pemilik warung dan usaha rumahan", [READ], 16, 190, Both;
    "akuntansi-dasar", "Akuntansi dengan Komputer", "Keuangan",
        ["menyusun daftar akun", "menjurnal transaksi", "membuat laporan keuangan", "menghitung pajak sederhana"],
        "lulusan SMA/SMK", [LAPTOP], 40, 480, Both;
    "perencanaan-usaha", "Menyusun Rencana Usaha", "Kewirausahaan",
        ["menguji gagasan kepada calon pembeli", "menghitung modal dan titik impas", "menulis rencana satu halaman", "menyampaikannya kepada pemodal"],
        "calon wirausaha", [READ], 18, 240, Both;
    "perawat-lansia", "Pendamping Lansia", "Kesehatan",
        ["membantu makan dan mandi", "memindahkan tanpa cedera", "mencatat obat dan tanda bahaya", "berkomunikasi dengan keluarga"],
        "calon pengasuh di rumah dan panti", [HEALTHY, "Sabar dan teliti"], 60, 980, Hands;
    "pengasuh-anak", "Pengasuh Anak Usia Dini", "Kesehatan",
        ["memahami tumbuh kembang", "menyiapkan makanan sehat", "bermain sambil belajar", "memberi pertolongan pertama pada anak"],
        "calon pengasuh dan kader posyandu", [HEALTHY], 40, 620, Both;
];
