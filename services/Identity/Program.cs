using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Denials;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Letters;
using FitFlow.Identity.Features.Profiles;
using FitFlow.Identity.Features.Services;
using FitFlow.Identity.Features.Sessions;
using FitFlow.Identity.Features.Studios;
using FitFlow.Identity.Features.Users;
using FitFlow.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddFitFlowDefaults("identity");
builder.AddData("identitydb");
builder.AddFieldEncryption();
builder.AddEvents(reactions => reactions
    .Add<WelcomePerson>()
    .Add<RecordDeniedAccess>()
    .Add<ForgetChangedPerson>()
    .Add<ForgetErasedPerson>());
builder.AddKeys();
builder.AddDenials();
builder.AddServiceSecrets();
builder.AddSessions();
builder.Services.AddSingleton<Passwords>();
builder.Services.AddSingleton<Letters>();
builder.Services.AddSingleton<AuditLog>();
builder.AddUsers();

var app = builder.Build();
app.MapFitFlowDefaults();
app.MapKeys();
app.MapDenials();
var api = app.MapGroup("/api/v1");
api.MapAccounts();
api.MapServices();
api.MapKeyRotation();
api.MapSessions();
api.MapUsers();
api.MapProfiles();
api.MapAudit();
api.MapStudios();

return await app.RunOrMigrate(args);
