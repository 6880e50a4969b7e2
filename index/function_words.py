"""Words that carry grammar rather than content, in the five languages questions are asked in.

They never count as keywords. Question words stand apart, for they say what is asked for.
"""

from __future__ import annotations

_GERMAN = """
aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes ans auch
auf aus bei beim bereits bevor bin bis bist da dabei dadurch dafür dagegen daher damit danach
daneben dann daran darauf daraus darin darüber darum darunter das dass davon davor dazu dein deine
dem den denen denn dennoch der deren derer des deshalb dessen dich die dies diese diesem diesen
dieser dieses dir doch dort du durch ein eine einem einen einer eines einige einigen einiger
einiges er es etwa etwas euch euer eure für gegen gewesen hab habe haben hat hatte hatten hier hin
hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja jede jedem jeden
jeder jedes jedoch jene jenem jenen jener jenes kann kein keine keinem keinen keiner können
könnte könnten machen man manche manchem manchen mancher manches mehr mein meine meinem meinen
meiner mich mir mit muss musste müssen nach neben nicht nichts noch nun nur ob obwohl oder ohne
sehr sein seine seinem seinen seiner seines seit selbst sich sie sind so sogar solche solchem
solchen solcher solches soll sollen sollte sollten sondern sonst sowie sowohl trotz über um und
uns unser unsere unserem unseren unserer unter viel viele vielen vom von vor war waren wäre wären
weil weiter welch wenn werde werden wie wieder will wir wird wirst wo wollen wollte wollten wurde
wurden würde würden zu zum zur zwar zwischen
"""
_ENGLISH = """
a about after all also an and any are as at be because been before being between both but by can
could did do does doing during each else for from had has have having he her here him his how i if
in into is it its just may me might more most must my no nor not of off on once only or other our
out over own same shall she should so some such than that the their them then there these they
this those through to too under until up us very was we were while will with would you your
"""
_SPANISH = """
al ante como con contra de del desde durante e el ella ellas ellos en entre era eran es esa esas
ese eso esos esta estaba estaban estado están estas este esto estos fue fueron ha había habían han
hasta hay la las le les lo los más me mi muy ni no nos o para pero por porque que se ser si sido
sin sobre son su sus también tenía tiene tienen todo todos tras tu u un una uno unos y ya yo
"""
_RUSSIAN = """
а без бы был была были было быть в вам вас ведь весь во вот все всё всего всех вы где-то да даже
для до его ее её если есть еще ещё же за и из или им их к как-то ко ли либо между меня мне может
мы на над не него нее неё нет ни них но ну о об однако он она они оно от по под при про с со
свои своих себя так также такой там те тем то того тоже той только том тот ты у уже хотя чтобы
эта эти это этого этой этом этот я является являются
"""
_TURKISH = """
ama ancak arasında bazı belki ben beni benim bile bir biri birkaç biz bu buna bunda bundan bunlar
bunu bunun çok çünkü da daha de defa diye eğer en gibi göre hem hep hepsi her hiç için ile ise
işte kadar ki mı mi mu mü o olan olarak oldu olduğu olduğunu olmak olur ona ondan onlar onu onun
ise sonra şey şu tarafından tüm var ve veya ya yani yine yok
"""
_QUESTION = """
wer wen wem wessen was wann wo woher wohin wie wieso warum weshalb weswegen wozu womit wodurch
wofür wogegen woran worauf woraus worin worüber worum wovon wovor welche welchem welchen welcher
welches wieviel wieviele
who whom whose what when where why which how
quién quiénes qué cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde adónde cómo
кто кого кому кем чей чья чьё чьи что чего чему чем какой какая какое какие каких каким какого
какую какими каком когда где куда откуда почему зачем сколько как который которая которое которые
kim kime kimi kimin kimler ne neden nedir neyi neye neler nerede nereye nereden neresi niçin niye
hangi hangisi hangileri kaç nasıl zaman
"""

FUNCTION_WORDS = frozenset(" ".join((_GERMAN, _ENGLISH, _SPANISH, _RUSSIAN, _TURKISH)).split())
QUESTION_WORDS = frozenset(_QUESTION.split())
