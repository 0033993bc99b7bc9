/** The elements of Akoma Ntoso 3.0 and of its UN profile by what they do to the text (OASIS LegalDocML, part 2). */

/** Stand inside a line of text. */
export const inlineElements = new Set(
  (
    'span b i u a em strong small sup sub ref mref rref inline eol br img docNumber docTitle docAuthority docDate ' +
    'docStatus docProponent docPurpose docCommittee docIntroducer docStage docType docketNumber session shortTitle ' +
    'date time person organization concept object event location process role term quantity def entity courtType ' +
    'neutralCitation party judge lawyer signature opinion argument affectedDocument relatedDocument change ins del ' +
    'remark noteRef authorialNote decoration marker placeholder fillIn omissis embeddedText legislature outcome vote ' +
    'abbr font'
  ).split(' '),
);
/** Containers whose `num` is a section's. */
export const sections = new Set(
  'section subsection part subpart chapter subchapter title subtitle book tome division subdivision hcontainer article'.split(
    ' ',
  ),
);
export const lists = new Set('list sublist blockList ul ol'.split(' '));
/** Containers whose `num` is a paragraph's. */
export const numbered = new Set(
  'paragraph subparagraph point indent item alinea clause subclause subarticle rule subrule proviso transitional li recital citation level tblock'.split(
    ' ',
  ),
);
/** Known containers without a meaning of their own; any other name is reported. */
export const plainContainers = new Set(
  (
    'akomaNtoso statement doc documentCollection collectionBody component components componentData body main mainBody ' +
    'coverPage preface preamble conclusions attachments attachment annex content container formula recitals citations ' +
    'intro wrapUp listIntroduction listWrapUp longTitle block foreign blockContainer div crossHeading heading subheading ' +
    'p num act bill judgment officialGazette portion debateReport quotedStructure embeddedStructure toc tocItem ' +
    'header introduction background motivation decision debateBody debateSection speech from interstitial conclusion'
  ).split(' '),
);
export const headings = new Set(['heading', 'subheading', 'crossHeading']);
