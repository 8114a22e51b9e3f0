using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Denials;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Letters;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddFitFlowDefaults("identity");
builder.AddData("identitydb");
builder.AddFieldEncryption();
builder.AddEvents(reactions => reactions.Add<WelcomePerson>());
builder.AddKeys();
builder.AddSessions();
builder.Services.AddSingleton<Passwords>();
builder.Services.AddSingleton<Denials>();
builder.Services.AddSingleton<Letters>();

var app = builder.Build();
app.MapFitFlowDefaults();
app.MapKeys();
var api = app.MapGroup("/api/v1");
api.MapAccounts();
api.MapSessions();
api.MapUsers();

return await app.RunOrMigrate(args);
