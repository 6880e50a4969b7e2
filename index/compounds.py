"""German compounds and their parts: Friedensverhandlungen holds Frieden and Verhandlungen.

A word is split where a known noun ends it and what stands before it is a known part too, or is
long enough to be a name. The list is short on purpose: the nouns that head most compounds of
newspapers and encyclopedias. A compound it misses is still found by its whole form.
"""

from __future__ import annotations

from functools import lru_cache

import Stemmer

_NOUNS = """
abbau abend abgabe abgeordnet abkommen ablauf abschluss absicht abstand abstimmung abteilung abwehr
ader adel akademie akte aktie aktion aktivität algorithmus alltag alter amt analyse anfang angebot
angriff angst anlage anschlag ansprache anspruch anteil antrag antrieb anwalt anwendung anzahl
apparat appell arbeit arbeiter architektur archiv armee art artikel arzt ärzte aspekt athlet
atmosphäre aufbau aufgabe auflösung aufnahme aufstand auftrag aufwand auge ausbau ausbildung
ausdruck ausgabe auskunft ausland ausschuss aussicht ausstellung austausch auswahl auto autor bahn
bahnhof bakterie band bank basis bau bauer baum beamt bedarf bedeutung bedingung befehl befugnis
begriff behandlung behörde beitrag beleg bereich berg bericht beruf beschluss beschwerde besitz
besitzer bestand bestimmung besuch betrag betreiber betrieb bevölkerung bewegung beweis bewohner
bezeichnung beziehung bezirk bibliothek bild bildung bindung biologie blatt blick blut boden bogen
bombe boot börse botschaft brand brauch brief bruch brücke bruder buch bücher bühne bund bündnis
burg bürger büro bus chef chemie chor christ computer dach damm dampf datei daten datum dauer
debatte decke demokratie denkmal deutsch dialekt dichte dienst ding diktatur direktor diskussion
dokument dorf dörfer drama druck dynastie ebene ecke effekt ehe eigenschaft eigentum einfluss
eingang einheit einkommen einnahme einrichtung einsatz einwohner einzel eis eisen eisenbahn element
eltern ende energie engel entdeckung entscheidung entwicklung erbe ereignis erfahrung erfinder
erfindung erfolg ergebnis erhebung erkrankung erlaubnis ernährung eroberung ersatz erwartung erz
erziehung expansion experiment export fabrik fach fächer fähigkeit fahrer fahrt fahrzeug fall fälle
falle familie familien farbe feder fehler feier feind feld felder fenster fernsehen fest festival
feuer figur film finanz firma firmen fisch fläche flagge flieger flucht flüchtling flug flügel
flughafen flugzeug fluss flüsse folge form formel forscher forschung frage frau freiheit freund
frieden friede front frucht führer führung funk funktion fuß fußball gabe gang garten gas gast gäste
gebäude gebiet gebirge gebühr geburt gefahr gefängnis gefühl gegend gegner gehalt geist geld gelände
gemeinde gemeinschaft gemisch general generation genossenschaft gerät gericht geschäft geschichte
geschlecht geschwindigkeit gesellschaft gesetz gesicht gespräch gestalt gestein gesundheit getränk
gewalt gewerkschaft gewicht gewinn gewölbe gipfel glas glaube gleichung glück gold gott götter grad
graben grenze griff größe grund gründer gründung gruppe gut güter hafen häfen haft halle halt
haltung hand handel händler handlung haus häuser haushalt haut heer heim held hemd herr herrschaft
herrscher herz hersteller hilfe himmel hochschule hof höfe höhe holz hotel idee import impuls index
indiz industrie infektion inflation information ingenieur inhalt insel institut instrument integral
interesse investition jahr jahrhundert jugend kabel kabinett kaiser kalender kampf kämpfe kamera
kanal kandidat kanzler kapelle kapital karriere karte kasse katastrophe kathedrale kauf käufer kern
kette kind kinder kirche klage klasse klausel kleidung klima klinik kloster knochen kohle kolonie
kommission kommunikation komponist konferenz konflikt kongress könig königreich konstante kontakt
kontinent konto kontrolle konvention konzept konzern konzert kopf körper kosten kraft kräfte
kraftwerk kranke krankheit kranken kreis kreuz krieg krise küche kultur kunde kunden kunst künstler
kurs kurve küste labor laden lage lager land länder landschaft länge lärm last lauf leben lehre
lehrer leistung leiter leitung lexikon licht lied linie liste literatur lizenz lohn löhne lösung
luft macht mächte magazin magnet maler mangel mann mannschaft männer markt märkte marine maschine
masse material materie mathematik matrix mauer mechanik medaille medien medizin meer mehrheit
meinung meister meldung membran menge mensch menschen merkmal messe messung metall meter methode
miete milch militär minderheit mineral minister ministerium ministerpräsident minute missbrauch
mission mitglied mitglieder mittel modell moment monat mond moral mord motor mühle münze museum
musik muskel mutter nachbar nachricht nacht nahrung name namen nation national natur netz netzwerk
nobel norm note notstand november nummer nutzer nutzung objekt öffentlichkeit offizier öl oper opfer
orden ordnung organ organisation ort orte ost ozean paar palast papier papst park parlament partei
partie partner patent patient periode person personal pfad pfarrer pferd pflanze pflicht phase
philosophie physik pilot pionier plan pläne planet platte platz plätze politik politiker polizei
position post präsident praxis preis presse prinz prinzip privat probe problem produkt produktion
produzent professor programm projekt provinz prozent prozess prüfung publikum punkt qualität quelle
quote rad radio rahmen rakete rand rang rat räte raum räume reaktion reaktor realität rebell
rechnung recht rechte rede reform regel regen regierung regime region register reich reichs reihe
reise rekord religion rendite rennen rente republik reserve resolution rest revolution rhythmus
richter richtlinie richtung ring risiko ritter roboter rohr rohstoff rolle roman route rücktritt ruf
ruhe runde rundfunk saal sache sage saison salz sammlung sänger satellit satz sätze säule säure
schach schaden schäden schale schatz schauspieler schicht schiff schild schlacht schlag schloss
schluss schmerz schrank schrift schritt schuh schuld schule schüler schutz schwein schwelle
schwester see seele seite sektor sekunde sender sendung serie sicherheit sicht siedlung sieg sieger
signal silber sinn sitz sitzung sklave sohn soldat sommer sonne sorge sorte spannung speicher
spezies spiel spieler spitze sport sprache sprecher staat stab stadion stadt städte stahl stamm
stand standort stärke station statistik staub steig stein stelle stellung stern steuer stiftung stil
stille stimme stoff strafe strahl strahlung strand straße strategie strecke streit strom strömung
struktur stück student studie studium stufe stunde sturm sturz stütze suche süd system tabelle tafel
tag tage tal täler tänzer tat täter tätigkeit tausch technik technologie teil teilchen telefon
tempel temperatur tempo termin test text theater thema themen theorie therapie these thron tiefe
tier tisch titel tochter tod ton töne tor torte tour tourismus tradition träger transport traum
treffen treiber treibstoff trend trieb trommel truppe tunnel turbine turm türme turnier typ übergang
übersetzung überschuss überzeugung ufer uhr umfang umfrage umgebung umlauf umsatz umwelt unfall
universität unternehmen unterricht unterschied untersuchung ursache ursprung urteil vater verband
verbände verbindung verbot verbrauch verbrechen verein vereine verfahren verfassung vergleich
verhalten verhältnis verhandlung verkauf verkehr verlag verlauf verletzung verlust vermittlung
vermögen versammlung verschmutzung versicherung versorgung versuch verteidiger verteidigung
verteilung vertrag verträge vertreter verwaltung verzeichnis vieh vogel vögel volk völker vorgang
vorlage vorschlag vorschrift vorsitz vorstellung vorteil vorwurf vulkan waffe wagen wahl wahlen
wähler währung wald wälder wand wandel wanderung ware wärme wasser wechsel weg wege wehr wein weise
weite welle welt wende werk werke werkstatt wert werte wesen west wettbewerb wetter widerstand wiese
wind winkel winter wirkung wirtschaft wissen wissenschaft wissenschaftler woche wohnung wolke wort
worte wörter wunder wurf wurzel würfel zahl zahlung zeichen zeichnung zeit zeitung zelle zensur
zentrum zertifikat zeug zeuge ziel zimmer zins zivilisation zoll zone zucker zug züge zugang zukunft
zulassung zusammenarbeit zustand zweck zweig
"""
_MODIFIERS = """
alt ander außen binnen bundes doppel dreh drei durch eigen ein erst europa euro fein fern frei
früh ganz gegen geheim gesamt groß grund grün halb haupt heil herzog hinter hoch höchst innen
inter jung kirchen klein landes lang langzeit mehr mindest mit mittel nach nah neben neu nieder
nord ober ober parlaments privat quer roh rot rück rund schnell schwarz schwer selbst sonder
sozial spät stark stein still super tief trocken über um unter ur verteidigungs viel voll vor
vorder vize warm weiß weiter welt zentral zwei zwischen zusatz
"""
_LINKS = ("", "s", "es", "n", "en", "er", "ns", "e")
_SHORTEST_WORD = 8
_SHORTEST_HEAD = 3
_SHORTEST_NAME = 6

_stem = Stemmer.Stemmer("german").stemWord
_HEADS = frozenset(_stem(word) for word in _NOUNS.split())
_PARTS = _HEADS | frozenset(_stem(word) for word in _MODIFIERS.split())


@lru_cache(maxsize=65536)
def parts(word: str) -> tuple[str, ...]:
    """The stems of a compound's parts, in order; empty when the word is none.

    Args:
        word: One word, lower case.
    """
    return _known_parts(word) or _parts_with_name(word)


def _known_parts(word: str) -> tuple[str, ...]:
    """A split into parts that are all in the list."""
    for cut in _cuts(word):
        for base in _without_link(word[:cut]):
            stem = _stem(base)
            before = (stem,) if stem in _PARTS else _known_parts(base)
            if before:
                return (*before, _stem(word[cut:]))
    return ()


def _parts_with_name(word: str) -> tuple[str, ...]:
    """A split whose first part is a word of its own that is not in the list: Ukrainekrieg."""
    for cut in _cuts(word):
        if cut >= _SHORTEST_NAME:
            return (_stem(word[:cut]), _stem(word[cut:]))
    return ()


def _cuts(word: str) -> list[int]:
    """Where a known noun begins that ends the word, the longest noun first."""
    if len(word) < _SHORTEST_WORD:
        return []
    cuts = range(_SHORTEST_HEAD, len(word) - _SHORTEST_HEAD + 1)
    return [cut for cut in cuts if _stem(word[cut:]) in _HEADS]


def _without_link(text: str) -> list[str]:
    """A first part with and without the letters that link it to the next."""
    bases = [text.removesuffix(link) for link in _LINKS if text.endswith(link)]
    return [base for base in bases if len(base) >= _SHORTEST_HEAD]
