// go run go.go order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

type fields = map[string]any

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func part(value fields) string {
	return base64.RawURLEncoding.EncodeToString(must(json.Marshal(value)))
}

// signOrder makes the order as the provider takes it, good for an hour: a JWT that nobody but this server can have made.
func signOrder(reference string, cents int) string {
	block, _ := pem.Decode(must(os.ReadFile(os.Getenv("FARTHING_ORDER_KEY_FILE"))))
	key := must(x509.ParsePKCS8PrivateKey(block.Bytes)).(*ecdsa.PrivateKey)
	order := fields{"currency": "EUR", "lines": []fields{{"label": "A thing", "amount": cents}}}
	claims := fields{"iss": os.Getenv("FARTHING_MERCHANT"), "aud": os.Getenv("FARTHING_PROVIDER"), "jti": reference, "iat": time.Now().Unix(), "exp": time.Now().Unix() + 3600, "order": order}
	signed := part(fields{"alg": "ES256", "kid": os.Getenv("FARTHING_ORDER_KEY_ID")}) + "." + part(claims)
	hash := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
	raw := append(must(r, err).FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	return signed + "." + base64.RawURLEncoding.EncodeToString(raw)
}

// charge redeems the token: "paid", "failed", or "unknown", which is to be asked again.
func charge(reference string, cents int, token string) string {
	body := must(json.Marshal(fields{"token": token, "order": reference, "amount": cents, "currency": "EUR"}))
	request := must(http.NewRequest("POST", os.Getenv("FARTHING_PROVIDER")+"/v1/charges", bytes.NewReader(body)))
	// The key comes out of the token, so that asking again is the same charge and not another one.
	request.Header = http.Header{"Authorization": {"Bearer " + os.Getenv("FARTHING_SECRET_KEY")},
		"Content-Type": {"application/json"}, "Idempotency-Key": {fmt.Sprintf("%x", sha256.Sum256([]byte(token)))}}
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return "unknown"
	}
	defer answer.Body.Close()
	var said struct{ Status any } // of a charge it is a word, of a problem a number
	_ = json.NewDecoder(answer.Body).Decode(&said)
	if said.Status == "paid" {
		return "paid"
	} else if c := answer.StatusCode; said.Status == "declined" || c/100 == 4 && c != 408 && c != 409 && c != 429 {
		return "failed"
	}
	return "unknown"
}

func main() {
	reference, cents := os.Args[2], must(strconv.Atoi(os.Args[3]))
	if os.Args[1] == "charge" {
		fmt.Println(charge(reference, cents, string(bytes.TrimSpace(must(io.ReadAll(os.Stdin))))))
		return
	}
	fmt.Println(signOrder(reference, cents))
}
