using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FitFlow.Identity.Tests.Passkeys;

/// A page of ours in somebody's browser, on a device that keeps passkeys. What the page makes is handed to the test before it is sent, so that the
/// test can send it twice, late, as somebody else, or changed.
internal sealed class PasskeyBrowser
{
    private const string Page =
        """
        <!DOCTYPE html>
        <html lang="en">
        <title>Passkeys</title>
        <script>
          const create = async options => JSON.stringify((await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)) })).toJSON());

          const get = async options => JSON.stringify((await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) })).toJSON());

          const call = async (method, path, token, body) => {
            const answer = await fetch('/api/v1/auth/passkeys' + path, {
              method,
              headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
              body: body && JSON.stringify(body),
            });
            return { status: answer.status, body: await answer.json().catch(() => null) };
          };
        </script>
        </html>
        """;

    private readonly RunningSystem _system;

    private PasskeyBrowser(RunningSystem system, Visit visit, Authenticator device) => (_system, Visit, Device) = (system, visit, device);

    public Visit Visit { get; }

    public Authenticator Device { get; }

    /// On localhost, unless another name of this machine is asked for.
    public static async Task Open(Browser browser, RunningSystem system, Func<PasskeyBrowser, Task> story, string host = "localhost")
    {
        await using var site = await Site.Start(Page, system.Gateway);
        await browser.Visit(new UriBuilder(site.Address) { Host = host }.Uri, async visit =>
            await story(new PasskeyBrowser(system, visit, await Authenticator.In(visit.Page))));
    }

    public async Task<JsonObject> BeginAdding(Person person)
    {
        using var http = person.Http();
        return await Options(await http.PostAsync("/api/v1/auth/passkeys/options", content: null));
    }

    public async Task<JsonObject> BeginSignIn()
    {
        using var http = _system.Anonymous();
        return await Options(await http.PostAsync("/api/v1/auth/passkeys/sign-in/options", content: null));
    }

    public async Task<JsonObject> Create(JsonObject options) => Read(await Visit.Page.EvaluateAsync<string>("options => create(options)", options.ToJsonString()));

    public async Task<JsonObject> Get(JsonObject options) => Read(await Visit.Page.EvaluateAsync<string>("options => get(options)", options.ToJsonString()));

    public async Task<JsonObject> Make(Person person) => await Create(await BeginAdding(person));

    public async Task<JsonObject> Use() => await Get(await BeginSignIn());

    public async Task<HttpResponseMessage> Add(Person person, JsonObject credential, string? name = "My phone")
    {
        using var http = person.Http();
        return await http.PostAsJsonAsync("/api/v1/auth/passkeys", new { credential, name });
    }

    public async Task<HttpResponseMessage> SignIn(JsonObject credential, string session = "token", string? origin = null)
    {
        using var http = _system.Anonymous();
        if (origin is not null) http.DefaultRequestHeaders.Add("Origin", origin);
        return await http.PostAsJsonAsync("/api/v1/auth/passkeys/sign-in", new { credential, session });
    }

    /// A passkey of this person on this device; its id.
    public async Task<Guid> GivenPasskey(Person person)
    {
        var added = await Add(person, await Make(person));
        added.ShouldBe(HttpStatusCode.Created);
        return (await added.Read()).GetProperty("id").GetGuid();
    }

    private static async Task<JsonObject> Options(HttpResponseMessage answer)
    {
        answer.ShouldBe(HttpStatusCode.OK);
        return Read(await answer.Content.ReadAsStringAsync());
    }

    private static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();
}
