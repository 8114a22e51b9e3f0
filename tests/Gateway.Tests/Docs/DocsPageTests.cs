using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace FitFlow.Gateway.Tests.Docs;

/// The page at /docs in a real browser, which would complain about the least breach of the page's own policy.
public sealed class DocsPageTests(Browser browser, DocsPageTests.Described described) : IClassFixture<DocsPageTests.Described>
{
    private static readonly BrowserNewContextOptions Desktop = new() { Locale = "en-CA", ViewportSize = new() { Width = 1280, Height = 900 } };
    private static readonly BrowserNewContextOptions Phone = new() { Locale = "fr-CA", ViewportSize = new() { Width = 390, Height = 844 }, HasTouch = true, ColorScheme = ColorScheme.Dark };

    public sealed class Described : IAsyncLifetime
    {
        private Stub _identity = null!;
        private GatewayProcess _gateway = null!;

        public Uri Page => new(_gateway.Address, "/docs");

        public async ValueTask InitializeAsync()
        {
            _identity = await Stub.Start("identity", http => http.Response.WriteAsync(
                """
                {
                  "openapi": "3.1.1",
                  "paths": {
                    "/api/v1/auth/login": { "post": {
                      "description": "For anybody.",
                      "x-roles": { "roles": [], "services": [], "in_studio": false, "public": true },
                      "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/LoginRequest" } } } },
                      "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/LoginResponse" } } } } }
                    } },
                    "/api/v1/users/{id}/role": { "put": {
                      "description": "For admin.", "security": [{ "bearer": [] }],
                      "x-roles": { "roles": ["admin"], "services": ["insights"], "in_studio": false, "public": false },
                      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
                      "responses": { "204": { "description": "No Content" } }
                    } },
                    "/api/v1/studios/{studio_id}/clients": { "get": {
                      "description": "<img src=x onerror=alert(1)> For trainer, gym_owner.", "security": [{ "bearer": [] }],
                      "x-roles": { "roles": ["gym_owner", "trainer"], "services": [], "in_studio": true, "public": false },
                      "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/User" } } } } } }
                    } }
                  },
                  "components": { "schemas": {
                    "LoginRequest": { "type": "object", "required": ["email", "password"], "properties": { "email": { "type": "string", "maxLength": 254 }, "password": { "type": "string", "minLength": 10, "maxLength": 128 } } },
                    "LoginResponse": { "type": "object", "properties": { "access_token": { "type": "string" }, "user": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/User" }] } } },
                    "User": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string", "format": "uuid" }, "role": { "type": "string", "enum": ["admin", "client"] }, "manager": { "$ref": "#/components/schemas/User" } } }
                  } }
                }
                """));
            _gateway = await GatewayProcess.Start([_identity]);
        }

        public async ValueTask DisposeAsync()
        {
            await _gateway.DisposeAsync();
            await _identity.DisposeAsync();
        }
    }

    [Fact]
    public Task EveryRouteIsShownWithWhoMayAndWhatGoesInAndOut() => browser.Visit(described.Page, async visit =>
    {
        var page = visit.Page;
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("5 of 5 routes");
        await page.Locator("summary", new() { HasText = "/auth/login" }).ClickAsync();
        var login = page.Locator("#post-api-v1-auth-login");
        await Assertions.Expect(login).ToContainTextAsync("anybody");
        await Assertions.Expect(login).ToContainTextAsync("up to 254 characters");
        await login.Locator("summary", new() { HasText = "LoginResponse" }).ClickAsync();
        await login.Locator("summary", new() { HasText = "user" }).Last.ClickAsync();
        await Assertions.Expect(login).ToContainTextAsync("one of admin, client");
        Assert.EndsWith("#post-api-v1-auth-login", page.Url, StringComparison.Ordinal);
        await visit.Screenshot("desktop");
    }, Desktop);

    [Fact]
    public Task ItIsSearchedWithTheKeyboardAndFilteredByRole() => browser.Visit(described.Page, async visit =>
    {
        var page = visit.Page;
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("5 of 5 routes");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("access_token");
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("1 of 5 routes");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#role").SelectOptionAsync("client");
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("3 of 5 routes");
        await page.Locator("#role").SelectOptionAsync("trainer");
        await Assertions.Expect(page.Locator(".route")).ToHaveCountAsync(4);
        await page.Locator("#search").FillAsync("nothing like this");
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("Nothing matches. Fewer letters may find more.");
    }, Desktop);

    [Fact]
    public Task OnAPhoneInFrenchNothingIsWiderThanTheScreen() => browser.Visit(described.Page, async visit =>
    {
        var page = visit.Page;
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("5 routes sur 5");
        await page.Locator("summary", new() { HasText = "/auth/login" }).TapAsync();
        await Assertions.Expect(page.Locator("#post-api-v1-auth-login")).ToContainTextAsync("au plus 254 caractères");
        Assert.Equal("fr", await page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        await visit.Screenshot("phone");

        await page.Locator("#language").TapAsync();
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("5 of 5 routes");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("5 of 5 routes");
        await page.Locator("#theme").TapAsync();
        Assert.Equal("light", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
    }, Phone);

    [Fact]
    public Task WhatADescriptionSaysIsTextAndNothingElse() => browser.Visit(described.Page, async visit =>
    {
        var page = visit.Page;
        await page.Locator("summary", new() { HasText = "/clients" }).ClickAsync();
        await Assertions.Expect(page.Locator("#get-api-v1-studios-studio-id-clients")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        Assert.Equal(0, await page.Locator("img").CountAsync());
    }, Desktop);
}
