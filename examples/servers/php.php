<?php // php php.php order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN
declare(strict_types=1);

function part(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** The order as the provider takes it, good for an hour: a JWT that nobody but this server can have made. */
function sign_order(string $reference, int $cents): string
{
    $order = ['currency' => 'EUR', 'lines' => [['label' => 'A thing', 'amount' => $cents]]];
    $claims = ['iss' => getenv('FARTHING_MERCHANT'), 'aud' => getenv('FARTHING_PROVIDER'), 'jti' => $reference,
        'iat' => time(), 'exp' => time() + 3600, 'order' => $order];
    $header = ['alg' => 'ES256', 'kid' => getenv('FARTHING_ORDER_KEY_ID')];
    $signed = part(json_encode($header)) . '.' . part(json_encode($claims));
    openssl_sign($signed, $der, file_get_contents(getenv('FARTHING_ORDER_KEY_FILE')), 'sha256');
    // OpenSSL writes both numbers in DER, each with its length; a JWT has them side by side, 32 bytes each.
    $numbers = [substr($der, 4, ord($der[3])), substr($der, 6 + ord($der[3]))];
    $raw = array_map(fn ($number) => str_pad(ltrim($number, "\0"), 32, "\0", STR_PAD_LEFT), $numbers);
    return $signed . '.' . part(implode($raw));
}

/** Redeems the token: 'paid', 'failed', or 'unknown', which is to be asked again. */
function charge(string $reference, int $cents, string $token): string
{
    $headers = ['Authorization: Bearer ' . getenv('FARTHING_SECRET_KEY'), 'Content-Type: application/json',
        'Idempotency-Key: ' . hash('sha256', $token)]; // out of the token: asking again is the same charge
    $body = json_encode(['token' => $token, 'order' => $reference, 'amount' => $cents, 'currency' => 'EUR']);
    $http = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'ignore_errors' => true, 'timeout' => 30];
    $text = @file_get_contents(getenv('FARTHING_PROVIDER') . '/v1/charges', false, stream_context_create(['http' => $http]));
    $code = (int) substr($http_response_header[0] ?? '', 9, 3);
    $refused = $code >= 400 && $code < 500 && !in_array($code, [408, 409, 429], true);
    $known = ['paid' => 'paid', 'declined' => 'failed'][json_decode((string) $text, true)['status'] ?? ''] ?? 'unknown';
    return $refused ? 'failed' : $known;
}

[, $what, $reference, $cents] = $argv;
echo $what === 'order' ? sign_order($reference, (int) $cents) : charge($reference, (int) $cents, trim(stream_get_contents(STDIN))), "\n";
