using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Denials;
using FitFlow.Identity.Features.Erasure;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Letters;
using FitFlow.Identity.Features.Profiles;
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
builder.AddAccounts();
builder.AddSessions();
builder.AddLetters();
builder.Services.AddSingleton<Denials>();
builder.Services.AddSingleton<AuditLog>();
builder.AddUsers();
builder.AddProfiles();
builder.AddErasure();

var app = builder.Build();
app.MapFitFlowDefaults();
app.MapKeys();
var api = app.MapGroup("/api/v1");
api.MapAccounts();
api.MapSessions();
api.MapUsers();
api.MapProfiles();
api.MapErasure();
api.MapAudit();
api.MapStudios();

return await app.RunOrMigrate(args);
