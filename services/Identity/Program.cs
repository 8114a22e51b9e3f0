using FitFlow.Data;
using FitFlow.Identity.Features.Accounts;
using FitFlow.Identity.Features.Audit;
using FitFlow.Identity.Features.Coachings;
using FitFlow.Identity.Features.Denials;
using FitFlow.Identity.Features.Erasure;
using FitFlow.Identity.Features.Invitations;
using FitFlow.Identity.Features.Keys;
using FitFlow.Identity.Features.Letters;
using FitFlow.Identity.Features.Members;
using FitFlow.Identity.Features.Passkeys;
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
builder.AddAccounts();
builder.AddSessions();
builder.AddLetters();
builder.AddDenials();
builder.AddServiceSecrets();
builder.AddPasskeys();
builder.Services.AddSingleton<AuditLog>();
builder.AddUsers();
builder.AddMembers();
builder.AddProfiles();
builder.AddErasure();

var app = builder.Build();
app.MapFitFlowDefaults();
app.MapKeys();
app.MapDenials();
var api = app.MapGroup("/api/v1");
api.MapAccounts();
api.MapServices();
api.MapKeyRotation();
api.MapSessions();
api.MapPasskeys();
api.MapUsers();
api.MapProfiles();
api.MapErasure();
api.MapAudit();
api.MapStudios();
api.MapMembers();
api.MapInvitations();
api.MapCoachings();

return await app.RunOrMigrate(args);
