// An OpenID issuer for the tests: the certified `oidc-provider`, with the claims of Pro Santé Connect for generated
// persons and pages of its own to sign in on. One JSON object on the command line says everything:
// {"port", "client_id", "client_secret", "redirect_uris": [], "accounts": {"<login>": {claims}}, "acr", "kid"}.
// It prints "ready" when it listens.
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import { Provider, errors } from 'oidc-provider';

const told = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${told.port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: told.kid ?? 'first', use: 'sig', alg: 'RS256' };
const psc = ['SubjectNameID', 'SubjectRefPro', 'SubjectRole', 'Acces_Regulation_Medicale', 'given_name', 'family_name',
  'preferred_username'];

const provider = new Provider(issuer, {
  clients: [{
    client_id: told.client_id,
    client_secret: told.client_secret,
    redirect_uris: told.redirect_uris,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['a secret of the tests alone'] },
  scopes: ['openid', 'scope_all'],
  claims: { openid: ['sub'], scope_all: psc, acr: null, auth_time: null },
  acrValues: ['eidas1', 'eidas0'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, revocation: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
  ttl: { AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
  findAccount: (_ctx, login) => told.accounts[login] && {
    accountId: login,
    claims: () => ({ sub: login, ...told.accounts[login] }),
  },
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = `<!doctype html><html lang="fr"><title>Erreur</title><h1>${out.error}</h1>`;
  },
});

const page = (body) => '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Émetteur de test</title></head>'
  + `<body><main><h1>Émetteur de test</h1>${body}</main></body></html>`;

async function field(request, name) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body).get(name);
}

// The consent is given with the sign-in: Pro Santé Connect asks for none.
async function granted(details, login) {
  const grant = new provider.Grant({ accountId: login, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  return grant.save();
}

async function signIn(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page('<form method="post"><p><label>Identifiant <input name="login" required></label></p>'
      + '<p><button>Se connecter</button></p></form>'));
    return;
  }
  const login = await field(request, 'login');
  if (!told.accounts[login]) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  await provider.interactionFinished(request, response, {
    login: { accountId: login, acr: told.acr ?? 'eidas1', amr: ['pop', 'pin'] },
    consent: { grantId: await granted(details, login) },
  });
}

const callback = provider.callback();
const server = http.createServer((request, response) => {
  if (!request.url.startsWith('/sign-in/')) return callback(request, response);
  return signIn(request, response).catch((error) => {
    response.statusCode = error instanceof errors.SessionNotFound ? 400 : 500;
    response.end(String(error));
  });
});
server.listen(told.port, '127.0.0.1', () => process.stdout.write('ready\n'));
