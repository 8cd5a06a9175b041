using System.Security.Cryptography;
using System.Text;

namespace Coord.Node.Admin;

/// <summary>
/// Who may change things through the admin port: ZooKeeper's super user, known by the digest of its name and password
/// (zookeeper-protocol 8.4).
/// </summary>
/// <param name="Digest"><c>user:base64(sha1(user:password))</c>, as ZooKeeper's own tool prints it.</param>
internal sealed record SuperUser(string Digest)
{
    /// <summary>The setting that names it, as ZooKeeper spells it.</summary>
    public const string SettingKey = "zookeeper:DigestAuthenticationProvider.superDigest";

    private const string Scheme = "digest ";

    /// <summary>The digest of <c>user:password</c>.</summary>
    public static string DigestOf(string credentials)
    {
        // SHA-1 is what ZooKeeper's digests are made of; a stronger one would be another format.
#pragma warning disable CA5350
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(credentials));
#pragma warning restore CA5350
        return $"{credentials.Split(':')[0]}:{Convert.ToBase64String(hash)}";
    }

    /// <summary>Whether a text has the form of a digest: a name, and twenty bytes in base64.</summary>
    public static bool IsDigest(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var hash = new byte[20];
        return colon > 0 && Convert.TryFromBase64String(text[(colon + 1)..], hash, out var length)
            && length == hash.Length;
    }

    /// <summary>
    /// The user that an <c>Authorization</c> header of this form names; null where it has another form.
    /// </summary>
    public static string? NameIn(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var credentials = authorization[Scheme.Length..].Trim();
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : LogText.Of(credentials[..colon]);
    }

    /// <summary>Whether an <c>Authorization</c> header of <c>digest user:password</c> is the super user's.</summary>
    public bool Allows(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var given = Encoding.UTF8.GetBytes(DigestOf(authorization[Scheme.Length..].Trim()));

        // In a time that does not depend on how much of it is right.
        return CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Digest));
    }
}
