"""The commonest English verbs and their past forms: to find the verb of a question and put it into a claim."""

from __future__ import annotations

import re

_IRREGULAR = """
    arise arose arisen, awake awoke awoken, bear bore borne, beat beat beaten, become became become, begin began
    begun, bend bent bent, bet bet bet, bind bound bound, bite bit bitten, bleed bled bled, blow blew blown, break
    broke broken, breed bred bred, bring brought brought, build built built, burn burned burnt, burst burst burst,
    buy bought bought, cast cast cast, catch caught caught, choose chose chosen, cling clung clung, come came come,
    cost cost cost, creep crept crept, cut cut cut, deal dealt dealt, dig dug dug, do did done, draw drew drawn,
    drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed fed, feel felt felt, fight
    fought fought, find found found, flee fled fled, fly flew flown, forbid forbade forbidden, forget forgot
    forgotten, forgive forgave forgiven, freeze froze frozen, get got got, give gave given, go went gone, grow grew
    grown, hang hung hung, have had had, hear heard heard, hide hid hidden, hit hit hit, hold held held, hurt hurt
    hurt, keep kept kept, know knew known, lay laid laid, lead led led, leave left left, lend lent lent, let let
    let, lie lay lain, light lit lit, lose lost lost, make made made, mean meant meant, meet met met, mow mowed
    mown, overcome overcame overcome, overtake overtook overtaken, overthrow overthrew overthrown, overturn
    overturned overturned, pay paid paid, prove proved proven, put put put, quit quit quit, read read read, rebuild
    rebuilt rebuilt, ride rode ridden, ring rang rung, rise rose risen, run ran run, saw sawed sawn, say said said,
    see saw seen, seek sought sought, sell sold sold, send sent sent, set set set, shake shook shaken, shed shed
    shed, shine shone shone, shoot shot shot, show showed shown, shrink shrank shrunk, shut shut shut, sing sang
    sung, sink sank sunk, sit sat sat, sleep slept slept, slide slid slid, speak spoke spoken, spend spent spent,
    spill spilled spilt, spin spun spun, split split split, spread spread spread, spring sprang sprung, stand stood
    stood, steal stole stolen, stick stuck stuck, strike struck struck, strive strove striven, swear swore sworn,
    sweep swept swept, swim swam swum, swing swung swung, take took taken, teach taught taught, tear tore torn, tell
    told told, think thought thought, throw threw thrown, undergo underwent undergone, understand understood
    understood, undertake undertook undertaken, uphold upheld upheld, upset upset upset, wake woke woken, wear wore
    worn, win won won, withdraw withdrew withdrawn, withhold withheld withheld, withstand withstood withstood, write
    wrote written
"""
_REGULAR = """
    abandon abolish absorb abuse accept accrue accuse achieve acknowledge acquire act adapt add address adjourn
    adjust admit adopt advance advise affect affirm afford agree aid air allege allocate allow alter amend annex
    announce annul answer apologise apologize appeal appear apply appoint apprehend approach approve argue arm
    arrange arrest arrive ask assassinate assault assert assess assign assist associate assume assure attach attack
    attain attempt attend attract attribute audit audition authorise authorize avoid award back ban banish bar base
    beg behave believe belong benefit blame block board boast bomb bombard boost bore borrow bother boycott brake
    breach breathe broadcast burn bury calculate call calm cancel capture care carry cause caution cease cede
    celebrate challenge change charge chart chase check cheer circulate cite claim clash clean clear climb close
    collaborate collapse collect collide colonise colonize combat comment commission commit communicate compare
    compel compensate compete compile complain complete comply compose conceal concede concentrate concern conclude
    condemn condense conduct confess confirm conflict confront congratulate connect conquer consider consist
    conspire construct consult consume contact contain continue contract contradict contribute control convene
    convert convict convince cooperate coordinate cope copy correct correlate correspond corrupt count cover crash
    create criticise criticize cross crush cry culminate damage dare debut decide declare decline decrease dedicate
    default defeat defect defend define delay delete deliver demand demolish demonstrate deny depart depend deploy
    deport deprive derive descend describe deserve destroy detain deter determine detonate develop devote die differ
    diminish direct disagree disappear disburse discharge disclose discover discuss dislike dismantle dismiss
    disobey dispatch display dispute disrupt dissent dissolve distribute disturb divide divorce donate double doubt
    drag drain drift drop drown dry dwell earn ease echo educate elect elevate eliminate embark emerge emigrate
    employ enable enact encompass encounter encourage end endanger endorse endure enforce engage enjoy enlarge
    enlist ensure entail enter entertain equip erect erupt escalate escape establish estimate evacuate evade
    evaluate evolve examine exceed exchange exclude execute exempt exercise exhibit exist expand expect expel
    experience expire explain explode exploit explore export expose express extend extinguish extract face fail
    falsify favor favour fear feature figure file fill film finance find fine finish fire fit fix flood flourish
    flow focus follow force foresee forfeit form foster found free fulfil fulfill fund gain gather generate govern
    grab graduate grant greet grind guarantee guard guide halt hand handle happen harass harm harvest hasten hate
    head heal help hesitate highlight hijack hinder hinge hire honor honour hope host house hurry identify ignite
    ignore illustrate imagine impact implement imply import impose impress imprison improve inaugurate include
    increase incur indemnify indicate infect infer inflict influence inform inhabit inherit initiate injure
    inoculate inquire insist inspect install instruct insult insure integrate intend intensify intercept interfere
    interrogate interrupt intervene interview introduce invade invent invest investigate invite involve isolate
    issue jail join judge jump justify kick kidnap kill kiss knock label lack land lapse lash last laugh launch leak
    lean learn legalise legalize legislate lift like liken limit link list listen live load loan lobby locate lock
    look loot love lower maintain manage march mark marry match matter measure mediate melt mention merge migrate
    mine miss mistake mitigate mix mobilise mobilize monitor mount mourn move multiply murder name need neglect
    negotiate nominate note notice notify obey object oblige observe obtain occupy occur offend offer omit open
    operate oppose ordain order organise organize originate oust outlaw outweigh overlook oversee owe own
    participate partner pass patrol peak perform permit persist persuade pertain pick place plan plant play plead
    please pledge plot plunge point poison police portray pose possess post postpone pour praise pray preach predict
    prefer premiere prepare prescribe present preserve preside press presume prevail prevent proceed process
    proclaim produce profit progress prohibit promise promote propagate propose prosecute protect protest provide
    provoke publish pull punish purchase pursue push qualify question quote race raid raise range rank reach react
    realise realize reappear rebel recall receive recite recognise recognize recommend reconsider record recover
    recruit rectify recuse redeem reduce refer reflect reform refuse regain regard register regret regulate reign
    reinforce reinstate reject relate release relocate rely remain remember remind remove rename render renew
    renounce rent reopen repair repeal repeat repel replace reply report represent reprieve request require rescind
    rescue resemble reserve reside resign resist resolve resonate resort respect respond rest restart restore
    restrict result resume retain retaliate retire retract retreat retrieve return reveal revenge reverse review
    revise revive revoke revolt reward rob rule rush sabotage sack sail sanction satisfy save scan score scrap
    scratch scream search secure seem seize select sentence separate serve settle share shelter shift ship shock
    shout sign signal slip slow slump smoke smuggle soar sound spare speculate sponsor spy stab stage start state
    stay stem step stop storm strengthen stress stretch struggle study sublet submit succeed sue suffer suffocate
    suggest suit summon supervise supply support suppose suppress surface surge surpass surrender surround survey
    survive suspect suspend sustain switch sympathise tackle talk target taste tax telephone tend terminate test
    testify thank threaten thrive tie tolerate top torture total touch tour tout trace track trade train transfer
    transform translate transmit transport trap travel treat tremble trigger triple trust try tumble turn tweet
    unite unload unveil update urge use utilise vacate vaccinate vanish vary vest veto view violate visit voice
    volunteer vote wait waive walk want warn wash waste watch water weaken wed weigh welcome widen wipe wish
    withdraw witness wonder work worry worsen wound yell yield
"""
_PARTS = [entry.split() for entry in _IRREGULAR.split(",")]
_PAST = {base: past for base, past, _ in _PARTS}
BASES = frozenset([*_PAST, *_REGULAR.split()])
"""Infinitives."""
PASTS = frozenset(_PAST.values())
"""Irregular past forms; the others end in "ed"."""
_PARTICIPLES = frozenset(["been", "born", *(participle for _, _, participle in _PARTS)])
_NO_PARTICIPLES = frozenset("hundred sacred united naked wicked rugged indeed seed speed need bed red shed".split())
_DOUBLED = re.compile(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]$")
_STRESSED = re.compile(r"(?:mit|cur|pel|trol|gret|quip|rebel|(?:[er]e|in|trans|con)fer)$")


def past(base: str) -> str:
    """The past tense of an infinitive: `fail` to failed, `stop` to stopped, `send` to sent."""
    low = base.lower()
    if low in _PAST:
        return _PAST[low]
    if low.endswith("e"):
        return f"{low}d"
    if re.search(r"[^aeiou]y$", low):
        return f"{low[:-1]}ied"
    syllables = len(re.findall(r"[aeiouy]+", low))
    if _DOUBLED.search(low) and (syllables == 1 or _STRESSED.search(low)):
        return f"{low}{low[-1]}ed"
    return f"{low}ed"


def third_person(base: str) -> str:
    """What "does" and an infinitive say: `apply` to applies."""
    low = base.lower()
    if low in ("have", "be"):
        return {"have": "has", "be": "is"}[low]
    if re.search(r"[^aeiou]y$", low):
        return f"{low[:-1]}ies"
    return f"{low}es" if re.search(r"(?:s|x|z|ch|sh|o)$", low) else f"{low}s"


def is_participle(word: str) -> bool:
    """Whether a word may be a past participle: `damaged`, `sent`, `hit`."""
    low = word.lower()
    return low in _PARTICIPLES or (len(low) > 4 and low.endswith("ed") and low not in _NO_PARTICIPLES)
