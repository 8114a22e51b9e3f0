const words = {
  en: {
    skip: 'Skip to the routes', search: 'Search', searchHint: 'Search paths, fields, roles', role: 'Who', anyRole: 'All', otherLanguage: 'Afficher en français', theme: 'Light or dark',
    services: 'Services', loading: 'Reading the description…', failed: 'The description could not be read. Try again shortly.', partial: 'Left out, since they do not answer right now: {names}.',
    count: '{n} of {all} routes', none: 'Nothing matches. Fewer letters may find more.', anybody: 'anybody', signedIn: 'signed in', inStudio: 'in a studio', service: 'service {name}',
    parameters: 'Parameters', request: 'Request', answers: 'Answers', required: 'required', optional: 'optional', nullable: 'or null', oneOf: 'one of', listOf: 'list of', upTo: 'up to {n}', atLeast: 'at least {n}',
    letters: 'characters', items: 'items', noBody: 'no body', in: { path: 'in the path', query: 'in the query', header: 'header', cookie: 'cookie' }, map: 'map of',
    roles: { admin: 'admin', gym_owner: 'gym owner', trainer: 'trainer', client: 'client' }, public: 'not signed in',
  },
  fr: {
    skip: 'Aller aux routes', search: 'Rechercher', searchHint: 'Chemins, champs, rôles', role: 'Qui', anyRole: 'Toutes', otherLanguage: 'Show in English', theme: 'Clair ou sombre',
    services: 'Services', loading: 'Lecture de la description…', failed: 'La description n’a pas pu être lue. Réessayez dans un instant.', partial: 'Absents, car ils ne répondent pas en ce moment : {names}.',
    count: '{n} routes sur {all}', none: 'Rien ne correspond. Moins de lettres trouveront peut-être plus.', anybody: 'tout le monde', signedIn: 'connecté', inStudio: 'dans un studio', service: 'service {name}',
    parameters: 'Paramètres', request: 'Requête', answers: 'Réponses', required: 'obligatoire', optional: 'facultatif', nullable: 'ou null', oneOf: 'parmi', listOf: 'liste de', upTo: 'au plus {n}', atLeast: 'au moins {n}',
    letters: 'caractères', items: 'éléments', noBody: 'sans corps', in: { path: 'dans le chemin', query: 'dans la requête', header: 'en-tête', cookie: 'cookie' }, map: 'table de',
    roles: { admin: 'admin', gym_owner: 'propriétaire', trainer: 'entraîneur', client: 'client' }, public: 'non connecté',
  },
};
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const find = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const kept = { read: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, write: (key, value) => { try { localStorage.setItem(key, value); } catch { /* Private windows keep nothing. */ } } };

let language = asked.get('lang') ?? kept.read('docs-language') ?? (navigator.language.startsWith('fr') ? 'fr' : 'en');
if (!(language in words)) language = 'en';
let description = null;
let routes = [];

const say = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[language][key]);

/** An element with classes, properties and children; text is always text. */
function make(tag, { classes = '', ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  Object.assign(element, properties);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function applyLanguage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) { element.setAttribute('aria-label', say(element.dataset.label)); element.title = say(element.dataset.label); }
  for (const element of document.querySelectorAll('[data-placeholder]')) element.placeholder = say(element.dataset.placeholder);
  find('language').textContent = language === 'en' ? 'FR' : 'EN';
  const role = find('role');
  const chosen = role.value;
  role.replaceChildren(make('option', { value: '' }, say('anyRole')), make('option', { value: 'public' }, say('public')), ...Object.entries(words[language].roles).map(([value, name]) => make('option', { value }, name)));
  role.value = chosen;
  show();
}

const resolve = (schema) => schema?.$ref ? description.components.schemas[schema.$ref.split('/').pop()] ?? {} : schema ?? {};
const nameOf = (schema) => schema?.$ref?.split('/').pop();

/** What a schema is, without null, and whether it may be null. */
function plain(schema) {
  const options = schema?.oneOf ?? schema?.anyOf;
  if (options) {
    const rest = options.filter((option) => option.type !== 'null');
    if (rest.length === 1) return { schema: rest[0], nullable: rest.length < options.length };
  }
  const types = [resolve(schema).type ?? []].flat();
  return { schema, nullable: types.includes('null') };
}

function typeOf(given) {
  const { schema, nullable } = plain(given);
  const known = resolve(schema);
  const types = [known.type ?? []].flat().filter((type) => type !== 'null');
  let text = nameOf(schema) ?? types.join(' | ');
  if (known.enum) text = `${say('oneOf')} ${known.enum.filter((value) => value !== null).join(', ')}`;
  else if (types.includes('array')) text = `${say('listOf')} ${typeOf(known.items).text}`;
  else if (known.additionalProperties && !known.properties) text = `${say('map')} ${typeOf(known.additionalProperties).text}`;
  else if (!text) text = known.oneOf || known.anyOf ? (known.oneOf ?? known.anyOf).map((option) => typeOf(option).text).join(' | ') : 'any';
  const notes = [];
  if (known.format && !known.enum) notes.push(known.format);
  const unit = types.includes('array') ? say('items') : types.includes('string') ? say('letters') : '';
  const least = known.minLength ?? known.minItems ?? known.minimum;
  const most = known.maxLength ?? known.maxItems ?? known.maximum;
  if (least !== undefined && least !== 0) notes.push(`${say('atLeast', { n: least })} ${unit}`.trim());
  if (most !== undefined) notes.push(`${say('upTo', { n: most })} ${unit}`.trim());
  if (nullable) notes.push(say('nullable'));
  return { text, notes };
}

/** What stands inside of a schema, through lists. */
function inside(given) {
  const known = resolve(plain(given).schema);
  if (known.properties) return known;
  if (known.items) return inside(known.items);
  if (known.additionalProperties && typeof known.additionalProperties === 'object') return inside(known.additionalProperties);
  return null;
}

function fieldRow(name, schema, required, more = []) {
  const { text, notes } = typeOf(schema);
  const meta = make('span', { classes: 'meta' }, make('code', {}, text), [...more, ...notes].map((note) => ` · ${note}`).join(''), schema?.description ? ` · ${schema.description}` : '');
  return [make('span', { classes: 'name' }, name, required ? make('span', { classes: 'required', title: say('required') }, '*', make('span', { classes: 'hidden' }, say('required'))) : ''), meta];
}

function fields(schema, seen = []) {
  const known = inside(schema);
  if (!known || seen.includes(known)) return null;
  const rows = Object.entries(known.properties).map(([name, field]) => {
    const cells = fieldRow(name, field, known.required?.includes(name));
    const deeper = seen.length < 4 ? fields(field, [...seen, known]) : null;
    return deeper ? make('details', {}, make('summary', { classes: 'row' }, cells), deeper) : make('div', { classes: 'row' }, cells);
  });
  return rows.length ? make('div', { classes: 'fields' }, rows) : null;
}

const contentOf = (part) => Object.values(part?.content ?? {})[0]?.schema;

function parametersOf({ operation }) {
  const parameters = operation.parameters ?? [];
  if (!parameters.length) return [];
  return [make('h3', {}, say('parameters')), make('div', { classes: 'fields' }, parameters.map((parameter) =>
    make('div', { classes: 'row' }, fieldRow(parameter.name, { ...resolve(parameter.schema), description: parameter.description }, parameter.required, [words[language].in[parameter.in]]))))];
}

function requestOf({ operation }) {
  const schema = contentOf(operation.requestBody);
  if (!schema) return [];
  return [make('h3', {}, say('request'), make('span', { classes: 'type' }, typeOf(schema).text)), fields(schema) ?? ''];
}

function answersOf({ operation }) {
  const answers = Object.entries(operation.responses ?? {}).map(([status, answer]) => {
    const schema = contentOf(answer);
    const head = [make('span', { classes: 'status' }, status), ' ', make('span', { classes: 'meta' }, [answer.description, schema ? typeOf(schema).text : say('noBody')].filter(Boolean).join(' · '))];
    const known = schema && fields(schema);
    return known ? make('details', {}, make('summary', {}, head), known) : make('div', { classes: 'plain' }, head);
  });
  return answers.length ? [make('h3', {}, say('answers')), make('div', { classes: 'answers' }, answers)] : [];
}

function whoOf({ access }) {
  const chips = access.public ? [say('anybody')]
    : access.roles.length === 4 ? [say('signedIn')]
    : access.roles.map((role) => words[language].roles[role] ?? role);
  return [
    ...chips.map((text) => make('span', { classes: 'chip' }, text)),
    ...access.services.map((name) => make('span', { classes: 'chip studio' }, say('service', { name }))),
    access.in_studio ? make('span', { classes: 'chip studio' }, say('inStudio')) : '',
  ];
}

/** What is said of it, without the sentence that says in English what the chips say in any language. */
const told = ({ operation }) => operation.description?.replace(/(^|\s)For [^.]*\.$/, '');

/** May be broken after a slash, and nowhere else if it can be helped. */
const breakable = (text) => text.split(/(?<=\/)/).flatMap((piece, i) => i === 0 ? [piece] : [make('wbr'), piece]);

/** The path, its common start dimmed, its variables coloured, and what was searched for marked. */
function pathOf(path, query) {
  const at = query ? path.toLowerCase().indexOf(query) : -1;
  if (at >= 0) return [breakable(path.slice(0, at)), make('mark', {}, path.slice(at, at + query.length)), breakable(path.slice(at + query.length))].flat();
  const root = path.startsWith('/api/v1') ? '/api/v1' : '';
  return [make('span', { classes: 'root' }, root), ...path.slice(root.length).split(/(\{[^}]+\})/).flatMap((piece) => piece.startsWith('{') ? make('span', { classes: 'variable' }, piece) : breakable(piece))];
}

function cardOf(route, query) {
  const card = make('details', { classes: 'route', id: route.id });
  card.append(make('summary', {}, make('span', { classes: `method ${route.method}` }, route.method.toUpperCase()), make('span', { classes: 'path' }, pathOf(route.path, query)), make('span', { classes: 'who' }, whoOf(route))));
  const fill = () => {
    if (card.children.length > 1) return;
    card.append(make('div', { classes: 'body' }, [route.operation.summary, told(route)].filter(Boolean).map((text) => make('p', {}, text)), parametersOf(route), requestOf(route), answersOf(route)));
  };
  card.addEventListener('toggle', () => { if (card.open) { fill(); history.replaceState(null, '', `#${route.id}`); } });
  if (location.hash === `#${route.id}`) { fill(); card.open = true; }
  return card;
}

/** All words by which a route may be found. */
function wordsOf(path, method, operation, access) {
  const names = [];
  const collect = (schema, depth) => {
    const known = depth < 3 ? inside(schema) : null;
    for (const [name, field] of Object.entries(known?.properties ?? {})) { names.push(name); collect(field, depth + 1); }
  };
  collect(contentOf(operation.requestBody), 0);
  for (const answer of Object.values(operation.responses ?? {})) collect(contentOf(answer), 1);
  return [method, path, operation.summary, operation.description, ...(operation.parameters ?? []).map((parameter) => parameter.name), ...access.roles, ...names].join(' ').toLowerCase();
}

function readRoutes() {
  routes = Object.entries(description.paths).flatMap(([path, operations]) => methods.filter((method) => operations[method]).map((method) => {
    const operation = operations[method];
    const access = { roles: [], services: [], in_studio: false, public: !operation.security, ...operation['x-roles'] };
    return { id: `${method}${path.replace(/[^a-z0-9]+/gi, '-')}`, path, method, operation, access, service: operation.tags?.[0] ?? '', words: wordsOf(path, method, operation, access) };
  }));
}

const admits = (route, role) => !role || (role === 'public' ? route.access.public : route.access.public || route.access.roles.includes(role));

function show() {
  if (!description) return;
  const query = find('search').value.trim().toLowerCase();
  const role = find('role').value;
  const shown = routes.filter((route) => admits(route, role) && query.split(/\s+/).every((word) => route.words.includes(word)));
  const services = [...new Set(shown.map((route) => route.service))];
  find('services').replaceChildren(...services.map((service) => make('a', { href: `#service-${service}` }, service, make('span', {}, String(shown.filter((route) => route.service === service).length)))));
  find('list').replaceChildren(...services.map((service) => {
    const section = make('section', {}, make('h2', { id: `service-${service}` }, service), shown.filter((route) => route.service === service).map((route) => cardOf(route, query)));
    section.setAttribute('aria-labelledby', `service-${service}`);
    return section;
  }));
  find('count').textContent = shown.length ? say('count', { n: shown.length, all: routes.length }) : say('none');
  const missing = description['x-partial'] ?? [];
  find('notice').hidden = missing.length === 0;
  find('notice').textContent = say('partial', { names: missing.join(', ') });
}

async function read() {
  find('count').textContent = say('loading');
  try {
    const answer = await fetch('/openapi/v1.json');
    if (!answer.ok) throw new Error(String(answer.status));
    description = await answer.json();
    readRoutes();
    show();
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  } catch {
    find('count').textContent = '';
    find('notice').hidden = false;
    find('notice').textContent = say('failed');
  }
}

find('search').value = asked.get('q') ?? '';
find('search').addEventListener('input', show);
find('role').addEventListener('change', show);
find('language').addEventListener('click', () => { language = language === 'en' ? 'fr' : 'en'; kept.write('docs-language', language); applyLanguage(); });
find('theme').addEventListener('click', () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  applyTheme(dark ? 'light' : 'dark');
  kept.write('docs-theme', dark ? 'light' : 'dark');
});
document.addEventListener('keydown', (event) => {
  const search = find('search');
  if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); search.focus(); search.select(); }
  if (event.key === 'Escape' && document.activeElement === search) { search.value = ''; show(); }
});
applyTheme(asked.get('theme') ?? kept.read('docs-theme'));
applyLanguage();
read();
