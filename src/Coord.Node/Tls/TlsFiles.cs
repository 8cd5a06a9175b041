using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coord.Node.Tls;

/// <summary>
/// The certificates of one side, as its files last said in a usable way. New handshakes take what is current; files
/// that changed for the worse change nothing.
/// </summary>
internal sealed class TlsFiles
{
    private readonly TlsFileNames names;
    private readonly Func<TlsCredentials, string?> objection;
    private volatile TlsCredentials current;

    // Of what was looked at last, good or bad: each state of the files is judged, and told, once.
    private byte[] seen = [];

    /// <summary>Reads the files.</summary>
    /// <param name="names">Where they are.</param>
    /// <param name="objection">Says what is wrong with a certificate that could be read; null: nothing.</param>
    /// <exception cref="TlsFileException">One of them cannot be used.</exception>
    public TlsFiles(TlsFileNames names, Func<TlsCredentials, string?> objection)
    {
        (this.names, this.objection) = (names, objection);
        var texts = ReadTexts();
        IsNews(texts);
        current = Parse(texts);
    }

    public string Section => names.Section;

    public TlsCredentials Current => current;

    /// <summary>
    /// Looks at the files again, by one caller at a time. True: they changed, and what they say is current now.
    /// </summary>
    /// <param name="problem">Why files that changed are not taken; null where there is nothing new to say.</param>
    public bool TryRenew(out string? problem)
    {
        problem = null;
        string[] texts;
        try
        {
            texts = ReadTexts();
        }
        catch (TlsFileException failure)
        {
            problem = IsNews([failure.Message]) ? failure.Message : null;
            return false;
        }

        if (!IsNews(texts))
            return false;
        try
        {
            current = Parse(texts);
            return true;
        }
        catch (TlsFileException failure)
        {
            // One of certificate and key may be new and the other not yet: the next look finds both.
            problem = failure.Message;
            return false;
        }
    }

    // By content: a time of change may be kept by what copies files, or be too coarse.
    private bool IsNews(string[] texts)
    {
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts)));
        var isNews = !fingerprint.AsSpan().SequenceEqual(seen);
        seen = fingerprint;
        return isNews;
    }

    private string[] ReadTexts() =>
    [
        ReadText("certificate", names.Certificate),
        ReadText("key", names.Key),
        names.Authority is null ? "" : ReadText("authority", names.Authority),
    ];

    private static string ReadText(string part, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TlsFileException(part, $"cannot be read: {failure.Message}");
        }
    }

    private TlsCredentials Parse(string[] texts)
    {
        var own = Parse("certificate", () => X509Certificate2.CreateFromPem(texts[0], texts[1]));
        var chain = Parse("certificate", () => Collect(texts[0]));
        var authorities = Parse("authority", () => Collect(texts[2]));
        if (names.Authority is not null && authorities.Count == 0)
            throw new TlsFileException("authority", "the file holds no certificate");
        var credentials = Parse("certificate", () => new TlsCredentials(own, chain, authorities));
        return Parse("certificate", () => objection(credentials)) is { } wrong
            ? throw new TlsFileException("certificate", wrong)
            : credentials;
    }

    private static X509Certificate2Collection Collect(string text)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        return certificates;
    }

    // A key that is not the certificate's is an argument like any other to the library. A name in a certificate is
    // decoded when it is asked for: nothing else that a certificate holds may end the timer that looks at the files.
    private static T Parse<T>(string part, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new TlsFileException(part, $"cannot be used: {failure.Message}");
        }
    }
}
