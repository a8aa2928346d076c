"""What the cascade in ``language`` knows by heart: function words, scripts, names, and languages too close to tell apart."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(text.split())


# The commonest function words of each language, lower case. They are read as tokens between spaces, stripped of punctuation.
WORDS: dict[str, frozenset[str]] = {
    code: words(listed)
    for code, listed in {
        "en": "the of and to in is that for it as with was on are by this be from or an have not at which they you your can will their "
        "has but what how all who when there been would more if its his her were about into than do should could i we he she my our "
        "some these them also each a so where why please give make use using does did had him us may must",
        "de": "warum welche welcher welches wer wo wann dann hier ihnen jede jeder damit etwas beim dir dich mein "
        "der die und das ist nicht ein eine einen einem einer den dem des mit sich auf für von zu im auch es an als wie bei nach aus "
        "aber sind wird werden oder ich sie wir wenn durch kann haben hat über vor zum zur nur noch sein war dass daß um am man diese "
        "dieser er in was ihre kein keine mehr sehr vom unter gibt können wurde bis so mir ihr",
        "fr": "pourquoi quand pendant comment avant moins toujours encore faire puis depuis chaque tous toute toutes quels cela ils "
        "le la les des et est un une du dans que qui pour pas sur au aux avec ce cette il elle sont par plus nous vous ne se ou mais "
        "être leur son sa ses en de à dont ont été comme je tout fait peut cet ces si même on était avait sans entre leurs très aussi "
        "l d qu c n j deux votre donc ainsi où quel quelle sous après afin vos nos",
        "es": "qué cómo cuál cuáles dónde cuándo hacer cada ella ellos eso así tanto otro otra otros antes durante hasta mientras una "
        "el la los las de que y en un una es por con para su se no lo del al como más pero sus le ha está son o este esta entre "
        "cuando muy sin sobre también hay fue ser desde todo nos yo me mi si ya porque han era años tiene puede a qué estos tu",
        "pt": "como qual quais onde fazer cada ela eles isto esse essa este outro outra antes durante ainda só lhe depois "
        "o a os as de que e em um uma do da dos das no na nos nas por para com não se é mais como mas foi ao ele ela seu sua são ou "
        "quando muito já também está pelo pela isso ser há você eu este entre sem até sobre à aos ter tem pode seus suas me meu num",
        "it": "come qual quali dove fare ogni lei loro così altro altri prima durante ancora poi solo sempre nello negli agli senza "
        "il lo la i gli le di che e è un una per in con non si del della dei delle nel nella alla al sono da come più ma anche ha "
        "questo questa suo sua ai dal essere o se dalla degli nei perché quando cosa stato era l d dell all nell mi ci ed hanno fra molto",
        "nl": "hoe waarom welke wie mijn hier naar alle andere onder tegen toch veel zou mensen "
        "de het een en van in is dat op te zijn met voor niet aan er die om ook als maar bij naar uit wordt door hij ze je ik worden "
        "heeft nog hebben deze dit kan of over moet kunnen geen wat zich werd was meer tot we dan u mijn zo haar omdat waar",
        "sv": "hur varför vilka vilken vad här ditt din mitt min åt bara kommer få andra utan "
        "och att det i som en är på för av med den till inte har de ett om han var jag så men från sig kan vi man när eller hade "
        "också efter vid mot hon sin skulle detta alla finns blir under där mycket mer år ska vill du denna dem oss mig",
        "da": "hvordan hvorfor hvilke hvilken hvad her din mit hun andre uden få "
        "og i at det er en til af på for med der den som de ikke et har om han var jeg men fra sig kan vi så når eller også efter "
        "ved hun sin skulle blev havde være denne dette hvor deres blive vil mange mere nogle skal kun meget man du mig op ud",
        "no": "hvordan hvorfor hvilke hvilken hva her din mitt andre uten få "
        "og i det er en til av på for med som den de ikke et har om han var jeg men fra seg kan vi så når eller også etter ved hun "
        "sin skulle ble hadde være denne dette hvor deres blir vil mange mer noen skal bare mye man du meg ut at ikkje eg ein dei frå "
        "vart eit var ikkje opp",
        "fi": "miten miksi mikä missä kuka tässä niitä heidän ennen "
        "ja on ei se että oli hän joka mutta myös ovat kun tai niin kuin jos sen mukaan ole voi vain sekä hänen tämä ne olla vielä "
        "jo nyt mitä minun minä sinä siitä tämän jonka kanssa ollut sitä joita jotka eivät hyvin noin kaikki vuonna mikä ovat olen",
        "pl": "jak dlaczego jaki jakie jaka kto gdzie co bardziej przed między "
        "i w na z do się nie to jest że o jak po co tak za od przez dla oraz ale jego był była może są tylko tym być lub już czy "
        "ich które który która jej kiedy ze tego jako także ma pod było jednak we by a bardzo ten mnie mi przy których",
        "cs": "proč jaký jaké jaká kdo co tato tyto mezi před bez "
        "a je v na se že s z do o i to jako za pro ve by jsou byl ale od po k které který nebo si jeho jak která může když při tak "
        "také jen už však podle má bylo byla co než ze až být tím jsem aby své není mezi ten kde pod této",
        "sk": "prečo ako aký aké aká kto kde čo tieto pred bez "
        "a je v na sa že s z do o aj ako pre vo by sú bol ale od po k ktoré ktorý alebo si jeho môže keď pri tak tiež len už však "
        "podľa má bolo bola čo než zo až byť tým som aby svoje nie medzi ktorá jej tento kde boli",
        "ro": "cum de-ce unde care ce cine acestea sunt pot mult "
        "și de a în la cu nu pe că este din care o un pentru mai să se au fost sau prin după dar lui ale al sunt această acest când "
        "poate fi ca între fără si in sa ce s-a unui unei era ar am te foarte cele cei lor dintre iar ei îi ale cum o",
        "hu": "hogyan miért milyen mi hol mit én te mert után nélkül "
        "a az és hogy nem is egy ez van meg volt de mint csak már még vagy ha el ki le be azt ezt akkor lehet minden pedig majd "
        "között után amely amit ami aki kell sem de arra s így vagy lesz nagyon ő voltak szerint ezek azonban",
        "tr": "nasıl neden hangi kim nerede çünkü önce "
        "ve bir bu da de için ile olarak çok daha olan gibi en ne var o ama kadar sonra mı değil her ya ki şey oldu olduğu ise veya "
        "tarafından nasıl iki göre ben büyük bunu onun içinde diye mi yok zaman bazı en sizin",
        "id": "bagaimana mengapa apa siapa mana kamu jika ketika agar sangat hal harus "
        "yang dan di dengan untuk tidak dari ini itu dalam akan pada juga adalah ke karena bisa oleh ada mereka telah saya atau "
        "sebagai dapat sudah lebih anda kita seperti orang banyak tersebut kami secara dia hanya bahwa menjadi para tak kerana boleh",
        "vi": "gì sao nào thế cách việc phải nên "
        "và của là có cho không được trong một những với các người này khi đã để đến từ như cũng về tôi nhiều ra rằng vào bạn sẽ thì "
        "ở trên sau ông anh năm mà làm nhưng hay hơn tại đó",
        "ca": "el la els les de que i en un una és per amb del al no es com més però seva seu són aquest aquesta també ha van va hi pels "
        "dels o què ser fer aquests va ser havia tot quan dins sense fins molt l d n",
        "hr": "je i u na se da su za od s koji koja što kao ali ili bi nije sa iz do po biti samo može više kako te ako koje sam smo bio "
        "bila ne li to već kada tako još prema o što koju",
        "sl": "je in v na se da so za od s ki kot pa tudi ali bi ni z iz do po biti samo lahko več kako še bil bila ne če ter pri o sem "
        "kar to ko tako bo",
        "lt": "ir yra kad į iš su tai bet kaip ar buvo jo apie nuo per už tik jis jos dar gali prie po ne būti šis labai arba jau",
        "lv": "un ir ka no ar par kas uz bet lai arī tas vai pēc tika viņš kā to tā nav bija ļoti pie šo būt",
        "et": "ja on ei et see oli kui ta aga või mis ka ning oma selle kes nii mida siis olen ma pole kas seda nad väga",
        "eu": "eta da ez du bat dira izan den zen egin baina dute ere hau dela bere edo dago",
        "af": "die en van het is in nie om te wat ek dit vir sy hulle was met aan op hy sal kan ook as maar 'n ons by deur",
        "sq": "të dhe në e i një me për nga që është si u ka më do se por janë kjo ky nuk dhe",
        "tl": "ang ng sa na at mga ay hindi ito ko si para siya ni may isang kung ako nang mo ka ba niya",
        "sw": "ya na wa kwa ni katika za la cha kama hii yake lakini au huo kuwa watu huu hiyo",
        "la": "et in est non ad cum ut sed quod qui ab esse sunt ex aut atque quae enim nec hoc",
        "is": "og að í er á sem það til um við með ekki en var hann fyrir af eru hún því ég þú hefur",
        "cy": "yn y yr a i o ar ac mae ei gan oedd wedi bod am ym fod sydd hwn",
        "ru": "и в не на что с как это по но из у за от для к же его все так было только или бы был они мы может если она при быть уже "
        "также более их этого я а о то он который которые где чтобы есть до во со вы мне меня ее",
        "uk": "і в не на що з як це по але із у за від для до та або його все так було тільки бути вони ми може якщо вона при вже також є "
        "їх цього й я а про то він який які де щоб ви мені мене її ж зі",
        "bg": "и в не на че с как това по но от за до да се е са ще бъде или той те ние може ако тя при вече също има тези като си беше "
        "през във със които който която му този",
        "be": "і ў не на што з як гэта па але у за ад для да яго ўсё так было толькі або каб ён яна і які",
        "sr": "и у је да се на за су од са као што није али или би из до по бити само може који која које",
        "mk": "и во да на се за од е со што не како тоа ги го но или ќе беше биде кој која",
        "ar": "في من على إلى أن هذا هذه التي الذي كان عن مع ما لا كل بعد ذلك أو هو هي قد لم بين كما وقد كانت إن ثم حتى و أي غير عند يكون",
        "fa": "در از که را این به و با است برای آن یک می های خود تا بر یا هم شود ما کرد بود شده او باید نیز اما کند ها من هر",
        "ur": "کے کی ہے میں اور سے کا کو نے پر یہ ہیں اس کہ بھی نہیں ایک تھا جو ہو کر وہ تھے",
        "hi": "के में है की और से का को पर यह ने हैं कि एक भी नहीं इस हो ही या था जो कर तो लिए वह थे अपने करने गया मैं आप",
        "mr": "आहे आणि हे या व ते तो ही नाही आहेत होते एक मी पण त्या असे",
        "ne": "छ र को मा का ले पनि छन् हो गर्न भने यो थियो गरेको हुन्छ",
    }.items()
}

# Languages whose texts a machine cannot keep apart for certain: between them nothing is a mismatch.
CLOSE: tuple[frozenset[str], ...] = tuple(
    words(codes)
    for codes in (
        "da no nn nb", "id ms jv su min", "hr sr bs sh sl mk", "cs sk", "es gl ca an ast", "pt gl", "bg mk sr", "ru be", "uk be",
        "hi mr ne sa bh mai",
        "nl af fy li", "de nds lb als bar", "fr oc", "it la scn", "tr az", "ar arz", "fa ps ckb", "ur pa pnb", "bn as", "zh yue wuu",
        "tl ceb",
        "en sco", "uz kk ky tt", "he yi",
    )
)  # fmt: skip

# First and last code point of the letters of each script.
SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x41, 0x5A, "Latin"), (0x61, 0x7A, "Latin"), (0xC0, 0x24F, "Latin"), (0x370, 0x3FF, "Greek"), (0x400, 0x52F, "Cyrillic"),
    (0x531, 0x587, "Armenian"), (0x5D0, 0x5F4, "Hebrew"), (0x620, 0x64A, "Arabic"), (0x66E, 0x6D3, "Arabic"), (0x6FA, 0x77F, "Arabic"),
    (0x900, 0x97F, "Devanagari"), (0x980, 0x9FF, "Bengali"), (0xA00, 0xA7F, "Gurmukhi"), (0xA80, 0xAFF, "Gujarati"),
    (0xB00, 0xB7F, "Oriya"), (0xB80, 0xBFF, "Tamil"), (0xC00, 0xC7F, "Telugu"), (0xC80, 0xCFF, "Kannada"), (0xD00, 0xD7F, "Malayalam"),
    (0xD80, 0xDFF, "Sinhala"), (0xE00, 0xE7F, "Thai"), (0xE80, 0xEFF, "Lao"), (0xF00, 0xFFF, "Tibetan"), (0x1000, 0x109F, "Myanmar"),
    (0x10A0, 0x10FF, "Georgian"), (0x1100, 0x11FF, "Hangul"), (0x1200, 0x139F, "Ethiopic"), (0x1780, 0x17FF, "Khmer"),
    (0x1E00, 0x1EFF, "Latin"), (0x1F00, 0x1FFF, "Greek"), (0x3041, 0x309F, "Kana"), (0x30A1, 0x30FA, "Kana"), (0x3131, 0x318E, "Hangul"),
    (0x3400, 0x4DBF, "Han"), (0x4E00, 0x9FFF, "Han"), (0xAC00, 0xD7AF, "Hangul"), (0xF900, 0xFAFF, "Han"), (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFC, "Arabic"),
)  # fmt: skip

# Scripts that one language of weight is written in.
LANGUAGE_OF_SCRIPT: dict[str, str] = {
    "Greek": "el", "Armenian": "hy", "Hebrew": "he", "Bengali": "bn", "Gurmukhi": "pa", "Gujarati": "gu", "Oriya": "or", "Tamil": "ta",
    "Telugu": "te", "Kannada": "kn", "Malayalam": "ml", "Sinhala": "si", "Thai": "th", "Lao": "lo", "Tibetan": "bo", "Myanmar": "my",
    "Georgian": "ka", "Hangul": "ko", "Ethiopic": "am", "Khmer": "km", "Han": "zh", "Kana": "ja",
}  # fmt: skip

NAMES: dict[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bo": "Tibetan", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "la": "Latin", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian",
    "ml": "Malayalam", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "or": "Odia",
    "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

# The scripts of languages not written in Latin letters alone.
SCRIPTS_OF: dict[str, frozenset[str]] = {
    code: words(scripts)
    for scripts, codes in (
        ("Cyrillic", "ru uk bg be mk kk ky tg mn ce cv ba tt os sah"), ("Cyrillic Latin", "sr uz"),
        ("Arabic", "ar arz fa ur ps ckb sd ug pnb"),
        ("Devanagari", "hi mr ne sa bh mai gom new"), ("Kana Han", "ja"), ("Han", "zh wuu yue"),
    )
    for code in codes.split()
} | {code: frozenset((script,)) for script, code in LANGUAGE_OF_SCRIPT.items() if script not in ("Kana", "Han")}  # fmt: skip

# Languages that langdetect has no profile of.
NO_PROFILE = words(
    "az be bs eo eu ga gl is ka kk la ms nn sr am bo hy km lo my or si ast an arz ckb ps oc sco scn jv su min ceb"
)

# What English sentences start with and those of other languages in plain ASCII do not.
OPENERS = words(
    "Write What How Give Describe Generate Create Explain Rewrite Find Name List Identify Convert Classify Construct Provide Compare Edit "
    "Design Suggest Tell Calculate Analyze Determine Summarize Compose Output Rearrange Which Who When Why Where The This It You Yes Given "
    "Make Take Add Categorize Please Sort Pick Select He She We They My Develop Brainstorm Your Using If Change Come Translate Outline "
    "Think Build Put Recommend Answer Is Are Can Should Could Would Did Does Do Here There Our Propose Arrange Evaluate Predict"
)

# The languages langdetect chooses among besides the two in question.
RIVALS = words("en de fr es it pt nl sv da fi pl cs ro hu tr id vi hr ru uk bg ar fa ur hi mr")

# Function words of other languages that English texts are full of as well.
ENGLISH_TOO = words(
    "la le el los las san men man over die war hat per plus ten dove pod sale con van bar still also am bin male tot hot"
)
