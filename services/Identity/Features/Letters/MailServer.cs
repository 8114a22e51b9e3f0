using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Letters;

/// The outside world, over SMTP. Once it returns, the letter is the mail server's.
internal sealed class MailServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Uri _server;
    private readonly MailAddress _sender;
    private readonly bool _startTls;
    private readonly NetworkCredential? _credentials;

    public MailServer(IConfiguration configuration)
    {
        var mail = configuration.GetSection("Mail");
        _server = Uri.TryCreate(mail["Server"], UriKind.Absolute, out var server) && server.Scheme == "smtp"
            ? server
            : throw new CannotStartException("Mail__Server is not of the form smtp://host:port.");
        _sender = MailAddress.TryCreate(mail["Sender"], out var sender)
            ? sender
            : throw new CannotStartException("Mail__Sender is not of the form \"FitFlow <no-reply@example.org>\".");
        _startTls = !string.Equals(mail["StartTls"], "false", StringComparison.OrdinalIgnoreCase);
        _credentials = mail["User"] is { Length: > 0 } user ? new NetworkCredential(user, mail["Password"]) : null;
        if (_credentials is not null && !_startTls) throw new CannotStartException("Mail__Password would travel in the clear: Mail__StartTls is off.");
    }

    /// The id is in the message's own, so that a repetition can be told.
    public async Task Send(Guid id, Letter letter)
    {
        var to = new MailAddress(letter.To);
        using var message = new MailMessage(_sender, to)
        {
            Subject = OneLine(letter.Subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{id:N}@{_sender.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(View(letter.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(letter.Html, MediaTypeNames.Text.Html));

        using var smtp = new SmtpClient(_server.Host, _server.Port > 0 ? _server.Port : 587)
        {
            EnableSsl = _startTls,
            Credentials = _credentials,
            // Only for who needs it: not every server on the way takes SMTPUTF8.
            DeliveryFormat = Ascii.IsValid(to.User) ? SmtpDeliveryFormat.SevenBit : SmtpDeliveryFormat.International,
        };
        using var patience = new CancellationTokenSource(Patience);
        // A server that takes the connection and says nothing would hold it for ever.
        await smtp.SendMailAsync(message, patience.Token).WaitAsync(Patience);
    }

    private static AlternateView View(string content, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(content, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.QuotedPrintable;
        return view;
    }

    /// A line break in a header begins another header.
    private static string OneLine(string subject) => new([.. subject.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
}
