//! The given names and surnames of the demo's people, by culture.
//!
//! A list is text: names with commas between them; a name that is not in Latin letters is followed by `=` and how its
//! owner writes it in an email address.

/// Names that go together.
pub struct Culture {
    /// How many of 100 people.
    pub share: u32,
    /// Given names of women.
    pub women: &'static str,
    /// Given names of men.
    pub men: &'static str,
    /// Surnames of women.
    pub women_surnames: &'static str,
    /// Surnames of men; empty where they are the same.
    pub men_surnames: &'static str,
    /// Names of companies, with `*` where the founder's surname stands.
    pub companies: &'static str,
    /// Whether some people carry two surnames, with a hyphen between them.
    pub doubles: bool,
}

/// Every culture; the shares add up to 100.
pub const CULTURES: [Culture; 22] = [
    Culture {
        share: 20,
        women: "Alice, Amelia, Beatrix, Charlotte, Constance, Daphne, Eleanor, Florence, Georgina, Grace, Hannah, \
                Harriet, Imogen, Isla, Jemima, Josephine, Katherine, Laura, Lydia, Margaret, Matilda, Naomi, Olivia, \
                Penelope, Phoebe, Rosalind, Ruth, Sophie, Theodora, Wilhelmina",
        men: "Albert, Arthur, Barnaby, Bartholomew, Benjamin, Callum, Daniel, Edmund, Edward, Felix, Frederick, George, \
              Graham, Henry, Hugh, Isaac, James, Jonathan, Leo, Lewis, Malcolm, Nathaniel, Oliver, Oscar, Peter, Rupert, \
              Samuel, Theodore, Thomas, William",
        women_surnames: "Abbott, Ashworth, Atherton, Barlow, Bennett, Blackwood, Bradshaw, Brook, Carmichael, \
                         Chamberlain, Cholmondeley, Clarke, Cartwright, Davenport, Dawson, Eastwood, Ellis, Fairbanks, \
                         Fanshawe, Featherstonehaugh, Fielding, Fletcher, Gardner, Greenhalgh, Hargreaves, Harrington, \
                         Hawthorne, Hollis, Ingram, Jarvis, Kendall, Kirkbride, Langley, Lockwood, Marsh, Merriweather, \
                         Mitchell, Montgomery, Nightingale, Norris, Oakley, Osborne, Palmer, Pemberton, Quinn, Radcliffe, \
                         Rowe, Shaw, Sinclair, Somerville, Sutton, Thackeray, Thornton, Underwood, Vaughan, Wainwright, \
                         Walker, Westbrook, Whitfield, Winterbourne, Wolstenholme, Woodward, Wright, Yardley",
        men_surnames: "",
        companies: "* & Sons, * & Partners, * Brothers, * & Daughters",
        doubles: true,
    },
    Culture {
        share: 4,
        women: "Aoife, Bríd, Caoimhe, Ciara, Gráinne, Máire, Niamh, Orla, Róisín, Saoirse, Síle, Sinéad, Siobhán, Úna",
        men: "Cathal, Cian, Conor, Diarmuid, Donnchadh, Eoin, Fionn, Lorcán, Niall, Oisín, Pádraig, Ruairí, Seán, Tadhg",
        women_surnames: "Brennan, Doherty, Fitzgerald, Gallagher, Kavanagh, Lynch, MacCarthy, McLoughlin, Ó Briain, \
                         O’Callaghan, O’Connor, O’Sullivan, Quigley, Sweeney",
        men_surnames: "",
        companies: "* & Sons, * Distillery, * Creameries, * Hardware",
        doubles: false,
    },
    Culture {
        share: 8,
        women: "Annegret, Birgit, Claudia, Franziska, Friederike, Gisela, Hannelore, Heike, Jördis, Käthe, Lieselotte, \
                Margarete, Renate, Sabine, Ursula, Zoë",
        men: "Björn, Christoph, Dieter, Eberhard, Friedrich, Günter, Hans-Jürgen, Jörg, Jürgen, Karl-Heinz, Lukas, \
              Matthias, Rüdiger, Stefan, Tobias, Wolfgang",
        women_surnames: "Bäcker=Baecker, Brandt, Fischer, Großmann, Günther=Guenther, Hoffmann, Jäger=Jaeger, Köhler=Koehler, \
                         Krämer=Kraemer, Lindner, Müller=Mueller, Neumann, Pfeiffer, Schäfer=Schaefer, Schlüter=Schlueter, \
                         Schmidt, Schröder=Schroeder, Schwarzenberger, Vogel, Weiß, Zimmermann",
        men_surnames: "",
        companies: "* Maschinenbau GmbH, Spedition *, Bäckerei *, Brauerei *, * & Söhne, Autohaus *",
        doubles: true,
    },
    Culture {
        share: 7,
        women: "Adélaïde, Anaïs, Béatrice, Camille, Chloé, Clémence, Éléonore, Élise, Françoise, Geneviève, Hélène, Inès, \
                Joséphine, Maëlle, Noémie, Océane, Zoé",
        men: "Aurélien, Benoît, Cédric, Clément, Étienne, François, Frédéric, Gaël, Grégoire, Jean-Baptiste, Jérôme, Léon, \
              Loïc, Mathéo, Noël, Rémi, Théo",
        women_surnames: "Beaumont, Bélanger, Béranger, Bouchard, Châtelain, Chevalier, Deschamps, Dubois, Dupré, Fontaine, \
                         Gauthier, Lacroix, Lefèvre, Lemaître, Mercier, Montaigne, Pelletier, Rousseau, Tremblay, Vallée",
        men_surnames: "",
        companies: "Établissements *, Boulangerie *, Transports *, * et Fils, Cave *",
        doubles: true,
    },
    Culture {
        share: 7,
        women: "Ángela, Begoña, Belén, Concepción, Consuelo, Dolores, Inés, Itziar, Lucía, María-José, María del Carmen, \
                Martina, Pilar, Rocío, Sofía, Verónica, Ximena",
        men: "Álvaro, Andrés, Óscar, Germán, Gonzalo, Íñigo, Jesús, Joaquín, José Luis, Julián, Martín, Nicolás, Ramón, \
              Raúl, Rubén, Sebastián, Tomás",
        women_surnames: "Álvarez, Benítez, Caballero, Castañeda, de la Vega, del Río, Domínguez, Echeverría, Fernández, \
                         García, Gutiérrez, Hernández, Ibáñez, Jiménez, López, Muñoz, Núñez, Ordóñez, Peña, Ramírez, \
                         Rodríguez, Sánchez, Zúñiga",
        men_surnames: "",
        companies: "Transportes *, Talleres *, Bodegas *, Hermanos *, Construcciones *",
        doubles: true,
    },
    Culture {
        share: 5,
        women: "Beatriz, Conceição, Filipa, Inês, Joana, Leonor, Lúcia, Madalena, Mafalda, Maria João, Raquel, Tânia",
        men: "Afonso, António, Caetano, Duarte, Estêvão, Gonçalo, Henrique, João, Joaquim, Luís, Rui, Simão",
        women_surnames: "Araújo, Assunção, Barbosa, Brandão, Conceição, da Silva, Esteves, Figueiredo, Gonçalves, \
                         Magalhães, Mendonça, Nóbrega, Pimentel, Simões, Vasconcelos",
        men_surnames: "",
        companies: "* Têxteis, Irmãos *, Padaria *, Azeites *, Conservas *",
        doubles: false,
    },
    Culture {
        share: 5,
        women: "Alessandra, Beatrice, Chiara, Concetta, Elisabetta, Federica, Giulia, Ilaria, Ludovica, Niccolina, Serena",
        men: "Alessandro, Cesare, Dario, Fabrizio, Giacomo, Giuseppe, Lorenzo, Matteo, Niccolò, Ruggero, Vittorio",
        women_surnames: "Bianchi, Caruso, D’Angelo, De Luca, Esposito, Ferrara, Gallo, Lombardi, Mancini, Niccolai, \
                         Pellegrini, Ricci, Santoro, Zanetti",
        men_surnames: "",
        companies: "Officine *, Fratelli *, Pastificio *, Trasporti *, Ceramiche *",
        doubles: false,
    },
    Culture {
        share: 5,
        women: "Astrid, Åsa, Bodil, Freja, Gudrún, Hjördís, Ingrid, Karin, Linnéa, Maja, Signe, Solveig, Þórdís, Tuuli",
        men: "Anders, Åke, Bjørn, Eskil, Gunnar, Håkon, Jón, Kåre, Lars-Erik, Mikael, Øyvind, Sigurður, Søren, Väinö",
        women_surnames: "Ångström, Bergström, Bjørnstad, Dahlgren, Ekström, Hämäläinen, Halvorsen, Hjelmstad, Kjærgaard, \
                         Lindqvist, Lykke, Mäkinen, Nygård, Ødegaard, Sjöberg, Sørensen, Virtanen, Åkesson",
        men_surnames: "",
        companies: "* Bygg AB, * Sjøfrakt, * & Sønn, * Trävaror, * Mejeri",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "Agnieszka, Bożena, Grażyna, Halina, Jadwiga, Katarzyna, Małgorzata, Stanisława, Wiesława, Zofia",
        men: "Andrzej, Bogusław, Grzegorz, Jędrzej, Krzysztof, Łukasz, Mieczysław, Paweł, Stanisław, Władysław",
        women_surnames: "Brzęczyszczykiewicz, Dąbrowska, Gałązka, Jabłońska, Kowalczyk, Lewandowska, Piątek, Szczepańska, \
                         Wiśniewska, Wójcik, Zielińska, Żółkiewska",
        men_surnames: "Brzęczyszczykiewicz, Dąbrowski, Gałązka, Jabłoński, Kowalczyk, Lewandowski, Piątek, Szczepański, \
                       Wiśniewski, Wójcik, Zieliński, Żółkiewski",
        companies: "Zakłady *, Hurtownia *, Piekarnia *, * i Synowie, Transport *",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "Alžběta, Božena, Dagmar, Eliška, Jiřina, Květa, Ludmila, Markéta, Růžena, Zdeňka",
        men: "Bohumil, Čeněk, Dalibor, František, Jiří, Luboš, Miloš, Ondřej, Přemysl, Tomáš",
        women_surnames: "Černá, Dvořáková, Havlíčková, Horáková, Kučerová, Němcová, Novotná, Procházková, Růžičková, Šťastná",
        men_surnames: "Černý, Dvořák, Havlíček, Horák, Kučera, Němec, Novotný, Procházka, Růžička, Šťastný",
        companies: "Pivovar *, Strojírny *, Pekařství *, Doprava *",
        doubles: false,
    },
    Culture {
        share: 2,
        women: "Ayşe, Çiğdem, Elif, Gülşen, İpek, Özge, Şebnem, Zeynep",
        men: "Barış, Çağatay, Emre, Gökhan, İbrahim, Mehmet, Oğuz, Yiğit",
        women_surnames: "Akgün, Çelik, Demirtaş, Güneş, Karadağ, Özdemir, Şahin, Yıldırım",
        men_surnames: "",
        companies: "* Nakliyat, * Tekstil, * ve Oğulları, * İnşaat",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "Αγγελική=Angeliki, Δέσποινα=Despina, Ελένη=Eleni, Θεοδώρα=Theodora, Ιωάννα=Ioanna, Κατερίνα=Katerina, \
                Μαρία=Maria, Παρασκευή=Paraskevi",
        men: "Αλέξανδρος=Alexandros, Γεώργιος=Georgios, Δημήτρης=Dimitris, Κωνσταντίνος=Konstantinos, Νίκος=Nikos, \
              Παναγιώτης=Panagiotis, Σπύρος=Spyros, Χρήστος=Christos",
        women_surnames: "Αλεξίου=Alexiou, Γεωργίου=Georgiou, Δημητρίου=Dimitriou, Καραγιάννη=Karagianni, Νικολάου=Nikolaou, \
                         Οικονόμου=Oikonomou, Παπαδοπούλου=Papadopoulou, Σταματοπούλου=Stamatopoulou",
        men_surnames: "Αλεξίου=Alexiou, Γεωργίου=Georgiou, Δημητρίου=Dimitriou, Καραγιάννης=Karagiannis, \
                       Νικολάου=Nikolaou, Οικονόμου=Oikonomou, Παπαδόπουλος=Papadopoulos, Σταματόπουλος=Stamatopoulos",
        companies: "Αφοί * Ο.Ε.=Afoi *, Μεταφορές *=Metafores *, Ελαιώνες *=Elaiones *",
        doubles: false,
    },
    Culture {
        share: 4,
        women: "Анастасия=Anastasia, Валентина=Valentina, Дарья=Daria, Екатерина=Ekaterina, Ксения=Ksenia, \
                Людмила=Lyudmila, Наталья=Natalia, Ольга=Olga, Светлана=Svetlana, Юлия=Yulia",
        men: "Александр=Aleksandr, Борис=Boris, Владимир=Vladimir, Дмитрий=Dmitry, Игорь=Igor, Кирилл=Kirill, \
              Михаил=Mikhail, Николай=Nikolay, Сергей=Sergey, Ярослав=Yaroslav",
        women_surnames: "Белова=Belova, Волкова=Volkova, Зайцева=Zaytseva, Кузнецова=Kuznetsova, Лебедева=Lebedeva, \
                         Морозова=Morozova, Орлова=Orlova, Соколова=Sokolova, Фёдорова=Fyodorova, Щербакова=Shcherbakova",
        men_surnames: "Белов=Belov, Волков=Volkov, Зайцев=Zaytsev, Кузнецов=Kuznetsov, Лебедев=Lebedev, Морозов=Morozov, \
                       Орлов=Orlov, Соколов=Sokolov, Фёдоров=Fyodorov, Щербаков=Shcherbakov",
        companies: "* и партнёры=* partners, Пекарня *=Pekarnya *, Типография *=Tipografiya *",
        doubles: false,
    },
    Culture {
        share: 2,
        women: "Ганна=Hanna, Ірина=Iryna, Леся=Lesia, Оксана=Oksana, Соломія=Solomiia, Тетяна=Tetiana",
        men: "Андрій=Andrii, Богдан=Bohdan, Василь=Vasyl, Микола=Mykola, Олексій=Oleksii, Тарас=Taras",
        women_surnames: "Бондаренко=Bondarenko, Гончар=Honchar, Ковальчук=Kovalchuk, Кравченко=Kravchenko, \
                         Шевченко=Shevchenko, Ярошенко=Yaroshenko",
        men_surnames: "",
        companies: "Млин *=Mlyn *, Друкарня *=Drukarnia *, * і сини=* syny",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "أمينة=Amina, خديجة=Khadija, زينب=Zaynab, سلمى=Salma, عائشة=Aisha, فاطمة=Fatima, ليلى=Layla, مريم=Maryam",
        men: "أحمد=Ahmad, حسين=Husayn, خالد=Khalid, سعيد=Said, عبد الرحمن=Abdulrahman, علي=Ali, محمود=Mahmoud, يوسف=Yusuf",
        women_surnames: "البغدادي=al-Baghdadi, التميمي=al-Tamimi, الحداد=al-Haddad, الخطيب=al-Khatib, السيد=al-Sayyid, \
                         الفاسي=al-Fasi, المصري=al-Masri, النجار=al-Najjar",
        men_surnames: "",
        companies: "شركة *=Sharikat *, مخابز *=Makhabiz *, مكتبة *=Maktabat *",
        doubles: false,
    },
    Culture {
        share: 2,
        women: "אביגיל=Avigail, דבורה=Dvora, יעל=Yael, מיכל=Michal, נועה=Noa, רבקה=Rivka, שירה=Shira, תמר=Tamar",
        men: "אברהם=Avraham, אלון=Alon, דוד=David, יהונתן=Yehonatan, יצחק=Yitzhak, משה=Moshe, נדב=Nadav, עמית=Amit",
        women_surnames: "אברמוביץ=Abramovich, בן־דוד=Ben-David, ברק=Barak, גולדשטיין=Goldstein, כהן=Cohen, לוי=Levy, \
                         מזרחי=Mizrahi, פרידמן=Friedman, שפירא=Shapira",
        men_surnames: "",
        companies: "אחים *=Achim *, מאפיית *=Maafiyat *, * ובניו=* ubanav",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "अनन्या=Ananya, आरती=Aarti, काव्या=Kavya, दीपिका=Deepika, प्रिया=Priya, मीनाक्षी=Meenakshi, राधिका=Radhika, \
                सुनीता=Sunita",
        men: "अर्जुन=Arjun, आदित्य=Aditya, कृष्ण=Krishna, मोहन=Mohan, राजेश=Rajesh, विक्रम=Vikram, संजय=Sanjay, सुरेश=Suresh",
        women_surnames: "अग्रवाल=Agrawal, गुप्ता=Gupta, चतुर्वेदी=Chaturvedi, जोशी=Joshi, त्रिपाठी=Tripathi, मिश्रा=Mishra, \
                         राठौर=Rathore, शर्मा=Sharma, श्रीवास्तव=Shrivastava",
        men_surnames: "",
        companies: "* इंडस्ट्रीज़=* Industries, * ट्रेडर्स=* Traders, * मिष्ठान्न=* Mishthan",
        doubles: false,
    },
    Culture {
        share: 2,
        women: "Abena, Adaeze, Amahle, Esi, Folasade, Ngozi, Nomvula, Thandiwe, Wanjikũ, Yetunde",
        men: "Chidi, Emeka, Femi, Kofi, Kwabena, Kwame, Oluwaseun, Sipho, Tendai, Thabo",
        women_surnames: "Achebe, Adébáyò, Asante, Boateng, Dlamini, Kamau, Mensah, Ndlovu, Nwosu, Okonkwo, Ọláńrewájú, Zulu",
        men_surnames: "",
        companies: "* Stores, * Agro, * & Family, * Transport Lines",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "Bích Ngọc, Diễm My, Hồng Nhung, Kim Oanh, Mai Phương, Ngọc Ánh, Thanh Thảo, Thùy Dương",
        men: "Anh Tuấn, Đức Minh, Gia Bảo, Hoàng Long, Minh Quân, Quang Huy, Thành Đạt, Văn Hùng",
        women_surnames: "Bùi, Đặng, Đỗ, Hoàng, Lê, Ngô, Nguyễn, Phạm, Phan, Trần, Vũ",
        men_surnames: "",
        companies: "Vận tải *, Dệt may *, Nông sản *, Xây dựng *",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "美咲=Misaki, 陽菜=Hina, 結衣=Yui, 恵子=Keiko, 由美子=Yumiko, さくら=Sakura, 千尋=Chihiro, 芽依=Mei",
        men: "健太=Kenta, 大輔=Daisuke, 翔太=Shota, 一郎=Ichiro, 拓海=Takumi, 誠=Makoto, 直樹=Naoki, 蓮=Ren",
        women_surnames: "佐藤=Sato, 鈴木=Suzuki, 高橋=Takahashi, 田中=Tanaka, 渡辺=Watanabe, 伊藤=Ito, 山本=Yamamoto, \
                         中村=Nakamura, 小林=Kobayashi, 長谷川=Hasegawa",
        men_surnames: "",
        companies: "*運送=* Unso, *商店=* Shoten, *製作所=* Seisakusho, *酒造=* Shuzo",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "芳=Fang, 秀英=Xiuying, 丽华=Lihua, 晓梅=Xiaomei, 雨桐=Yutong, 静=Jing, 欣怡=Xinyi, 玉兰=Yulan",
        men: "伟=Wei, 建国=Jianguo, 志强=Zhiqiang, 浩然=Haoran, 明=Ming, 子轩=Zixuan, 国栋=Guodong, 磊=Lei",
        women_surnames: "王=Wang, 李=Li, 张=Zhang, 刘=Liu, 陈=Chen, 杨=Yang, 赵=Zhao, 黄=Huang, 周=Zhou, 欧阳=Ouyang",
        men_surnames: "",
        companies: "*贸易=* Maoyi, *食品=* Shipin, *机械=* Jixie, *茶庄=* Chazhuang",
        doubles: false,
    },
    Culture {
        share: 3,
        women: "서연=Seoyeon, 지우=Jiwoo, 민지=Minji, 하은=Haeun, 수빈=Subin, 은정=Eunjung, 혜진=Hyejin, 예린=Yerin",
        men: "민준=Minjun, 도윤=Doyun, 현우=Hyunwoo, 지훈=Jihoon, 성민=Sungmin, 재석=Jaeseok, 태형=Taehyung, 준호=Junho",
        women_surnames: "김=Kim, 이=Lee, 박=Park, 최=Choi, 정=Jung, 강=Kang, 조=Cho, 윤=Yoon, 임=Lim, 황보=Hwangbo",
        men_surnames: "",
        companies: "*무역=* Muyeok, *식품=* Sikpum, *건설=* Geonseol, *물류=* Mullyu",
        doubles: false,
    },
];
